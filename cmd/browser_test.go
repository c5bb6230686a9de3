package cmd_test

import "testing"

// TestBrowser tells what people do with chatd in a browser: the real program, real
// Chromium, real keys and pointers. Nothing of the page is called; what is expected is
// what can be seen on it. Every story asks a newcomer in a fresh profile in the end
// what was said, and none may leave a word in the console, a report of the content
// security policy, or a request to anywhere else.
//
// Without Chromium the stories are skipped, but where CI is set they fail.
func TestBrowser(t *testing.T) {
	chromium := openChromium(t)
	for _, story := range []struct {
		name string
		tell func(*stage)
	}{
		{"TwoPeopleTalk", twoPeopleTalk},
		{"BriefVisit", briefVisit},
		{"ReturnsByCookie", returnsByCookie},
		{"SignsOut", signsOut},
		{"KilledMidConversation", killedMidConversation},
		{"ShownAsTyped", shownAsTyped},
		{"Composer", composer},
		{"Markdown", markdown},
		{"Suggestions", suggestions},
		{"Slash", slash},
		{"Refused", refused},
		{"Nickname", nicknameRefused},
		{"UnreadLine", unreadLine},
		{"FarUnread", farUnread},
		{"MarkUnread", markUnread},
		{"Host", hostKeepsThePeace},
		{"OwnName", ownName},
		{"SlowRoom", slowRoom},
		{"AboutPeople", aboutPeople},
		{"Ignores", ignores},
		{"Reports", reports},
		{"OlderMessages", olderMessages},
		{"NewMessages", newMessages},
		{"Offline", offline},
		{"WithoutWebSocket", withoutWebSocket},
		{"OverPlainHTTP", overPlainHTTP},
		{"Restored", restored},
		{"Upgraded", upgraded},
		{"OtherRooms", otherRooms},
		{"RoomList", roomList},
		{"PrivateRoom", privateRoom},
		{"DirectConversation", directConversation},
		{"QuickSwitcher", quickSwitcher},
		{"ArchivedRoom", archivedRoom},
		{"Weight", weight},
		{"Screens", screens},
		{"Phone", phone},
		{"KeyboardOnly", keyboardOnly},
		{"CalmAndDark", calmAndDark},
		{"WithoutScript", withoutScript},
		{"Mentions", mentions},
		{"Languages", languages},
		{"Accessible", accessible},
		{"EveryScreen", everyScreen},
		{"KeyboardMap", keyboardMap},
		{"Density", density},
		{"NothingJumps", nothingJumps},
		{"EditAndDelete", editAndDelete},
		{"ReactReplyPin", reactReplyPin},
		{"MessageKeys", messageKeys},
		{"MessageSheet", messageSheet},
		{"EditsSurviveKill", editsSurviveKill},
		{"Thread", thread},
	} {
		t.Run(story.name, func(t *testing.T) {
			t.Parallel()
			story.tell(newStage(t, chromium))
		})
	}
}
