"""What people like, in English: staff, a quick repair, speed, reliability, value, the app."""

from __future__ import annotations

from winback.datasets.comments.fragments import Theme

STAFF = Theme(
    name="Friendly staff",
    short=(
        "lovely people",
        "Friendly",
        "[great|good|super] staff",
        "{name} was [brilliant|great|a star|very helpful]",
        "very helpful on the phone",
        "Friendly and [quick|honest|competent].",
        "Thanks {name}!",
        "polite, patient, knows the product",
        "Real people who answer",
        "good service in the shop",
    ),
    plain=(
        "{she} on the phone was [patient|kind|lovely] and knew what she was talking about.",
        "I rang on {day} and {name} had it sorted [before I'd finished my tea|in five minutes|there and then].",
        "Whenever I've rung I got a real person, and a [friendly|helpful|cheerful] one.",
        "The [young man|lady|fellow] in the shop took the time to explain it all [to me|properly|twice].",
        "{he} called back when he said he would. Who does that [nowadays|any more]?",
        "The [fitter|engineer] was on time, tidy, and even [hoovered|swept up] after himself.",
        "Your people treat me like a [neighbour|person|customer], not a number.",
        "{name} rang on a Saturday, sent somebody on Monday and then rang again to see that it worked.",
        "Asked a silly question [on {day}|in the chat|on the phone] and wasn't made to feel silly.",
        "{name} knew everything already. [Ten|Five] minutes, done.",
        "I've dealt with {name} [a few times|twice] now and it's [always|been] a pleasure.",
        "Staff who [listen|know their job|ring back]. [Rare|Hard to find] [these days|now].",
    ),
    polite=(
        "Please pass my thanks on to {name}, who was most helpful.",
        "I have only ever had kind and competent people on the line.",
        "I should like to say that your engineer {he} was a gentleman.",
        "{name} was so [kind|patient] with me on {day}, do tell [them|the team].",
    ),
    dry=(
        "I'd recommend {she}. The internet comes with her.",
        "Rang to cancel, talked to {name}, stayed. Well played.",
        "I almost hope something breaks so that I can ring {name} again. Almost.",
    ),
    facts=(
        "Rang {day}, [2|3|4] minutes' wait, solved in [6|8|10]. {name}. Thanks.",
        "Engineer on time, line live [at noon|by ten|before lunch], {name} rang the day after to check.",
    ),
    mild=(
        "Staff are [friendly|nice|helpful], that counts for [a lot|something].",
        "Nice people. Product is [average|ok|nothing special].",
        "{name} was helpful, the [website|app|machine on the phone] wasn't.",
        "Good contact so far.",
        "Friendly enough when you [ring|call in|ask].",
        "[The shop|The chat|{name}] helped me [quickly|well] in {month}.",
    ),
    after=(
        "Give {name} a rise.",
        "You don't find that with the big ones.",
        "That's why I stay.",
        "Made my [week|day|Monday].",
        "I wrote the name down to be able to say thanks.",
        "More like that, please.",
        "It makes [all the|a] difference.",
    ),
    home=(
        "Even my {relative} understood it.",
        "I'm not good with technology and never felt rushed.",
        "At my age that matters.",
    ),
    work=(
        "We've one person to ring and she knows our place.",
        "As a small business you notice who cares.",
        "[Saved us a day|Kept us open].",
    ),
)

REPAIR = Theme(
    name="Quick repair",
    short=(
        "fixed [the same|within a] day",
        "fault sorted in no time",
        "engineer here within {hours} hours",
        "quick [help|repair|fix]",
        "Problem solved first time",
    ),
    plain=(
        "Had a fault on {day}, it was [fixed|sorted|back] [the same afternoon|by evening|next morning].",
        "The line was cut by [roadworks|a digger|the storm] and your engineer was here within {hours} hours.",
        "They sent me a text at every step of the repair.",
        "I reported it at {early} and by [lunch|noon|eleven] it was done.",
        "The router died, a new one was [in the post|here] the next day.",
        "Something always breaks one day. It's how you deal with it, and you dealt with it well.",
        "Outage in {month}, [told at once|honest about it], [repaired|up again] in {hours} hours.",
    ),
    polite=(
        "Thank you for the quick [repair|help] on {day}.",
        "I was [pleasantly surprised|very pleased|impressed] how fast it was put right.",
    ),
    dry=("Broke on {day}, mended on {day}. I hadn't even got round to being annoyed.",),
    facts=(
        "Fault {early}, call back 20 min later, engineer {hours} hours later, solved.",
        "One call, one visit, done.",
    ),
    mild=(
        "Repair was quick, shouldn't have been needed.",
        "Fault in {month}, dealt with [all right|in the end|well enough].",
        "Fixed in {hours} hours [when it broke|on {day}]. [Fair enough.|Can't ask for more.]",
    ),
    after=("That's what I call service.", "And a call the next day to ask if it held.", "No fuss, no forms."),
    home=("My {relative} was back on video calls the same evening.", "The weekend was saved."),
    work=("We lost an hour, not a day.", "We were trading again by noon."),
)

SPEED = Theme(
    name="Fast line",
    short=(
        "fast",
        "Fast",
        "very fast",
        "speed is [great|super|excellent]",
        "[super quick|really fast|rapid] internet",
        "{speed} and I get it",
        "fast and [stable|reliable|steady]",
        "flies",
        "Speed!",
    ),
    plain=(
        "I get every bit of the speed I pay for, [day and night|even at {evening}].",
        "[Four|Five|Three] people streaming and nobody [shouts|complains|fights].",
        "Uploads that took [an hour|half a day] take [a minute|seconds] now.",
        "It's the first provider where the speed on the tin is the speed at the plug.",
        "Coming from [copper|satellite|the old crowd] this is another world.",
        "Games, films, work, all at once, no problem.",
        "Since the switch to fibre [in {month}|last year] I've not seen a loading wheel.",
        "[Downloads|Updates|Big files] are done before I've [sat down|made coffee].",
        "Booked {speed}, and it really is that, [cable or wifi|every time I test it].",
    ),
    polite=(
        "I am very pleased with the speed.",
        "The line is [faster than I need|more than fast enough], to be honest.",
    ),
    dry=(
        "So fast I've run out of excuses for being late to meetings.",
        "My {relative} has stopped blaming the internet.",
        "The only thing slow now is [me|the laptop|my {relative}].",
    ),
    facts=("{speed} booked, {speed} measured, ping [8|9|11].", "Down full, up full, cable and wifi. Fine."),
    mild=(
        "Speed is [good|fine|as sold], not more and not less.",
        "Fast enough for [us|me|what we do].",
        "Quick [most of the time|on most days|when it counts].",
        "{speed} is [plenty|more than we need], could be [cheaper|a smaller package].",
    ),
    after=(
        "Wouldn't go back.",
        "Even at Christmas.",
        "And that out in the country.",
        "Wifi reaches {room} too.",
        "Best [in the street|round here|I've had].",
    ),
    home=("The kids are happy, so I am.", "Home office without a hitch.", "My {relative} games, I work, no rows."),
    work=(
        "Our cloud backup is done by breakfast.",
        "Video meetings with {many} people, no bother.",
        "[Drawings|Scans|Orders|Files] go out in seconds.",
    ),
)

RELIABLE = Theme(
    name="It just works",
    short=(
        "just works",
        "never [a problem|a bother|any trouble]",
        "reliable",
        "Reliable",
        "No complaints",
        "solid [as a rock|connection|all year]",
        "all good, always on",
        "never had to ring you",
        "does what it [should|says]",
    ),
    plain=(
        "It just works, what more do you want.",
        "I [can't remember|couldn't tell you|don't know] when it was last down.",
        "Set it up, forgot about it.",
        "In all the time with you I've rung [once|twice], and that was my own mistake.",
        "[Storm|Snow|Floods] in {month}, power gone, internet back before the lights.",
        "I never think about my internet, which is the best I can say of it.",
        "Stable, [day and night|morning to midnight], no dropouts.",
        "Not one [outage|dropout|bad evening] since {month}.",
        "Works in {room}, works [upstairs|at the back], works at {evening}.",
    ),
    polite=("We are very content and have nothing to add.", "Everything has worked as promised, thank you."),
    dry=(
        "Boring. In the best way.",
        "Nothing to report. I tried.",
        "I had to look up who my provider is. That's a compliment.",
    ),
    facts=(
        "[One outage|Two outages] in a year, announced, at night.",
        "Uptime fine, monitoring agrees.",
        "{month} to now: no [fault|ticket|call].",
    ),
    mild=(
        "Works. That's it.",
        "[Solid|Fine|Steady], nothing special.",
        "Does the job [for us|so far|mostly].",
        "No trouble [so far|since {month}|this year], touch wood.",
        "[One|A] short outage in {month}, [otherwise|apart from that] [fine|no bother].",
    ),
    after=(
        "Long may it last.",
        "That's worth a lot to me.",
        "I've told my {relative} to switch.",
        "Wish the [power company|bus|bank] were like that.",
    ),
    home=("[Three|Four] of us at home all day and no rows about it.", "Even in the storm."),
    work=(
        "For a [shop|small firm|place like ours] that's what matters.",
        "The phones, the till, the cameras: all of it stays up.",
        "We've recommended you to the unit next door.",
    ),
)

VALUE = Theme(
    name="Good value",
    short=(
        "good value",
        "fair price",
        "price is right",
        "[cheaper|dearer] than before [and|but] better",
        "Honest price",
        "good deal",
        "{quoted} and worth it",
    ),
    plain=(
        "[Fair|Honest|Decent] price, no tricks, you get what you pay for.",
        "I pay {euro} less than with the last [crowd|lot|provider] and it's [twice as fast|much faster|a lot quicker].",
        "No surprises on the bill, which is rarer than it should be.",
        "For [that money|{quoted}] I've not found [better|anything better|the like of it].",
        "I rang about a [cheaper|bigger] package and was told honestly that the small one would do me.",
        "{quoted} a month, all in, [no extras|no small print].",
        "Compared [three|four] offers in {month} and stayed.",
    ),
    polite=("I find the price very reasonable for what one gets.",),
    dry=("Cheaper than my coffee, and it keeps me awake just as long.",),
    facts=("{speed} for {quoted}. Compared [three|four|five], yours was the cheapest with no set-up fee.",),
    mild=(
        "Price is [all right|ok|fair].",
        "Value is ok.",
        "Reasonable for what it is.",
        "{quoted} is [fair|ok] for [what it is|the speed].",
    ),
    after=("Please keep it that way.", "And no contract that ties you for ever.", "Told [two|three] friends already."),
    home=("With a family you look at every bill.", "On a pension that counts."),
    work=("One invoice, one price, our bookkeeper loves it.", "For {many} lines that's a real saving."),
)

EASY_APP = Theme(
    name="Easy app",
    short=("app is [great|handy|good]", "easy to use app", "everything in the app", "simple", "switching was easy"),
    plain=(
        "I did the whole [move|order|upgrade] in the app in [ten|five] minutes.",
        "The app shows me what I pay and why, at last.",
        "Changed my package in the app on the [bus|sofa|train].",
        "Switching over was easier than I'd feared, you did everything.",
        "The app told me about the outage [on {day}|in {month}] before I noticed it.",
        "Signed up on {day}, online [by|on] {day2}, all without [paper|a phone call].",
    ),
    polite=("The app is well made, even I can use it.",),
    dry=("An app that does three things and all three work. Where did you find those developers?",),
    facts=("App: bill, speed test, fault report. All work.",),
    mild=("App is [handy|fine|useful].", "The app is [ok|good], login is slow.", "Easy enough to [use|switch|order]."),
    after=("No need to ring anybody.", "More of that please.", "My {relative} could do it."),
    home=("I limit the children's time with it. They don't like it, I do.",),
    work=("All our sites on one screen, very handy.",),
)
