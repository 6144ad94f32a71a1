"""Rarer troubles, in English: moving house, the backup line, the app that logs people out."""

from __future__ import annotations

from winback.datasets.comments.fragments import Theme

MOVING = Theme(
    name="Moving house takes weeks",
    short=(
        "moving house was a nightmare",
        "{weeks} weeks offline after the move",
        "can't move the contract",
        "moved, line didn't",
    ),
    plain=(
        "Moving the line to the new address took {weeks} weeks.",
        "We moved in {month} and paid for the old address until somebody noticed.",
        "For a move you need three departments, and each one sends you to the next.",
        "The new flat has your cable in the wall and still it took {weeks} weeks.",
        "I told you about the move two months ahead and on the day nothing worked.",
    ),
    angry=(
        "{weeks} weeks without internet because we moved four streets!",
        "You cancelled the OLD line and forgot the new one.",
    ),
    polite=("We moved recently and were surprised how long it takes to bring the line along.",),
    dry=("The removal firm took a day. You are still packing.",),
    facts=("Told you in {month}, moved two months later, old line off on the day, new line {weeks} weeks after.",),
    mild=(
        "The move took [too long|{weeks} weeks], the line itself is [fine|good].",
        "moving house took {weeks} weeks, ok since",
        "[Good|Fine], except that [moving|the move in {month}] was a [pain|struggle].",
    ),
    after=(
        "Each department was sorry.",
        "And we paid all the same.",
        "A stick with mobile data was promised for the gap.",
    ),
    home=("With two children in home schooling.", "My {relative} worked from the library."),
    work=("We moved the office and could not open for business.", "Customers could not ring us."),
    reasons=("moving, and you could not bring the line in time", "Move took too long"),
)

BACKUP = Theme(
    name="Backup line does not switch over",
    short=("backup SIM never kicks in", "failover doesn't fail over", "4G backup useless"),
    plain=(
        "The backup SIM never kicks in when the line drops.",
        "What am I paying the failover for? It needs somebody to press a button.",
        "When the line went on {day} the backup stayed asleep.",
        "The mobile backup switches over and then doesn't switch back.",
    ),
    angry=("Backup?? We were down for {hours} hours with your backup blinking beside us.",),
    polite=("Could somebody test the backup with us? It has not worked when we needed it.",),
    dry=("The backup is very calm. Nothing makes it move.",),
    facts=("Line down {day} 10:10. Backup green, no traffic. Restarted by hand 12:40.",),
    mild=(
        "Main line is [solid|good|fine], the backup [has never worked|did nothing on {day}|never kicks in] for us.",
        "[Good|Reliable], only the [failover|backup SIM|4G backup] is [a mystery|asleep|for show].",
    ),
    after=("We had to restart everything by hand.", "Nobody could tell us how to test it."),
    work=("Two shops lost a Saturday.", "Our alarm company rang before you did."),
    reasons=("backup did not work when we needed it",),
)

APP = Theme(
    name="App logs people out",
    short=("app keeps logging me out", "can't log in", "app is poor", "forgot password loop"),
    plain=(
        "The app logs me out every time and the password reset mail takes an hour.",
        "I can't see the bill in the app, only that there is one.",
        "Since the new version the app doesn't recognise my account.",
        "The app asks for a customer number that stands on a letter I don't have.",
    ),
    angry=("Your app is USELESS. Locked out again.",),
    polite=("The app might be easier if it remembered me.",),
    dry=("The app and I meet for the first time every day.",),
    facts=("App 8.2, logged out after each update, code by text takes ten minutes.",),
    mild=(
        "Line good, app [so-so|not so much|could be better].",
        "The app [could remember|keeps forgetting] my login.",
        "[Good|Fine] otherwise, but the app [logs me out|needs work|is slow].",
    ),
    after=("So I ring instead.", "The website is no better."),
    home=("My {relative} has it on the phone and it works there, strangely.",),
    work=("I can't give my colleague her own login.",),
    reasons=("could never manage the account online",),
)
