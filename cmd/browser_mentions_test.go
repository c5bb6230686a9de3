package cmd_test

import "fmt"

// asksFor chooses how much to be told of the room whose dialog is open, by the keyboard.
func (p *person) asksFor(level string) {
	p.stage.Helper()
	p.waitsFor("the choice", `document.querySelector("dialog select[name=level]") !== null`)
	for range 30 {
		if asks[bool](p.webPage, `document.activeElement?.name === "level"`) {
			break
		}
		p.presses(tab)
	}
	p.types(level)
	p.waitsFor("the level "+level, fmt.Sprintf(`document.activeElement.selectedOptions?.[0]?.text.startsWith(%q)`, level))
}
