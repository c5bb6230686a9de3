package cmd_test

import (
	"fmt"
	"strings"
)

// otherRooms: a room that one is not in can be read and joined; one that is not there
// says so, with a way back.
func otherRooms(s *stage) {
	robot := s.program("robot")
	if err := robot.CreateRoom(within(s), "garden", "The garden", false); err != nil {
		s.Fatal(err)
	}
	rain, err := robot.Post(within(s), "garden", "it rains", "")
	if err != nil {
		s.Fatal(err)
	}
	ana := s.person("ana")
	ana.opens("/r/garden")
	ana.signsIn("ana")
	v := ana.waits("the garden", func(v view) bool { // times are written by the script: it runs
		return v.Path == "/r/garden" && len(v.Messages) == 1 && v.Messages[0].Time != ""
	})
	if v.Heading != "The garden" || v.lines()[0] != "robot: it rains" {
		s.Errorf("from outside ana sees %+v", v)
	}
	const peopleShown = `document.querySelector("#people-list").checkVisibility()`
	if asks[bool](ana.webPage, peopleShown) {
		s.Error("a page that is not live says who is here")
	}
	ana.clicks("Join")
	ana.waits("the cursor in the field", func(v view) bool { return v.Focus == "text" })
	ana.isIn()
	if !asks[bool](ana.webPage, peopleShown) {
		s.Error("one does not see who is here")
	}
	ana.says("where is my umbrella?")

	bob := s.joins("bob")
	bob.mayLog("status of 404")
	for _, path := range []string{"/r/nowhere", "/nothing"} {
		bob.opens(path)
		if v := bob.looks(); v.Heading != "Nothing here" {
			s.Errorf("%s shows %q", path, v.Heading)
		}
		if text := asks[string](bob.webPage, `document.body.innerText`); !strings.Contains(text, "404") {
			s.Errorf("%s shows %s", path, text)
		}
		bob.clicks("Go back")
		bob.isIn()
	}
	bob.opens("/r/garden")
	bob.sees("ana: where is my umbrella?")

	for i := range 250 {
		if _, err := robot.Post(within(s), "garden", fmt.Sprint("drop ", i), ""); err != nil {
			s.Fatal(err)
		}
	}
	bob.clicks("Join")
	bob.isIn()
	bob.opens("/r/garden/" + rain.ID)
	v = bob.waits("the first rain", func(v view) bool { return len(v.Messages) > 1 && v.Messages[0].Time != "" && !v.AtBottom })
	if v.Jump != "Latest" || !asks[bool](bob.webPage, peopleShown) {
		s.Errorf("an old part of a room has the button %q, or does not say who is here", v.Jump)
	}
	bob.isIn()
	if _, err := robot.Post(within(s), "garden", "sun", ""); err != nil {
		s.Fatal(err)
	}
	bob.waits("news from the other end", func(v view) bool { return v.Jump == "1 new message" })
	bob.clicks("1 new message")
	bob.sees("robot: sun")
	bob.says("at last")
	s.history()
}
