"""What callers and agents of a cake shop say: the grammars behind the dialogues.

A line is a pattern: ``(a|b|c)`` stands for one of its alternatives, which may nest and
may be empty, ``{name}`` for a fact of the call. Everything is written as it is spoken.
"""

# ruff: noqa: ISC004 - a line of speech longer than a line of code stands on several

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The lines of one kind of inquiry.

    Parameters
    ----------
    opening : tuple of str
        How a caller says what the call is about.
    ask : tuple of str
        What the agent wants to know first.
    wish : tuple of tuple of str
        The caller's answer, as pairs of a preference's kind and a pattern.
    price : tuple of str
        How the agent states prices, or what the shop can do.
    more : tuple of tuple of str
        A further question of the caller and the agent's answer.
    """

    opening: tuple[str, ...]
    ask: tuple[str, ...]
    wish: tuple[tuple[str, str], ...]
    price: tuple[str, ...]
    more: tuple[tuple[str, str], ...]


INQUIRIES: Final[Mapping[str, Inquiry]] = MappingProxyType(
    {
        "wedding_tasting": Inquiry(
            opening=(
                "(Hi|Hello), (my fiance and I are|we are|I am) getting married in {month} and "
                "(I would like|we would love|I was hoping) to (book|arrange|come in for) a "
                "wedding cake tasting.",
                "(Hi|Good morning), I am calling about (a cake for our wedding|our wedding cake). "
                "(Do you do tastings|Can we taste some flavors|How does a tasting work) "
                "(before we decide|first)?",
                "Hello, I saw your wedding cakes (online|on your website|in an ad). (Could we|Can "
                "we) (set up|schedule) a (tasting|cake tasting) for (the bride and groom|two "
                "people|my fiance and me)?",
                "Hi there, my (daughter|sister|son) is getting married in {month} and we are "
                "looking for (somebody to make the wedding cake|a three tier wedding cake).",
            ),
            ask=(
                "(Congratulations|How wonderful|Oh lovely). (How many guests|About how many "
                "people) (are you expecting|will be at the wedding)?",
                "(Congratulations|Lovely news). What (kind of wedding cake|style of cake) do you "
                "have in mind?",
            ),
            wish=(
                (
                    "what",
                    "(About|Around) {guests} guests, and we (would like|want|prefer) a "
                    "({tiers} tier|simple) cake with {flavor} (and fresh flowers|and "
                    "buttercream|).",
                ),
                (
                    "when",
                    "The wedding is on (Saturday|Sunday) the {day} of {month}, (about|with) "
                    "{guests} guests, and we could come (to taste|for the tasting) on a {weekday} "
                    "{daytime}.",
                ),
                (
                    "what",
                    "(We like|I am thinking of) {flavor}, nothing too sweet, (three|four) tiers "
                    "(with white icing|in ivory|with gold leaf).",
                ),
            ),
            price=(
                "The tasting is (free|twenty five dollars) and a wedding cake (starts at|is) "
                "{unit} dollars a (slice|guest), so (about|around) {total} dollars for {guests}.",
                "For {guests} guests (our tiered cakes|a wedding cake like that) would be (about|"
                "around) {total} dollars, (delivery and setup included|with setup).",
            ),
            more=(
                (
                    "(Do you|Would you) (bring it to the venue|set it up at the venue)?",
                    "(Yes|Of course), we deliver (wedding cakes|it) and set the tiers up (on the "
                    "day|at the venue).",
                ),
                (
                    "How (far ahead|early) do we need to (book the date|order the wedding cake)?",
                    "(Most couples|Most brides) book (three|four|six) months (ahead|before).",
                ),
                (
                    "Can we taste (four|five|different) flavors?",
                    "(Sure|Yes), you try (five|six) cakes and (three|four) fillings at a tasting.",
                ),
            ),
        ),
        "birthday_cake": Inquiry(
            opening=(
                "(Hi|Hello), I (want|would like|need) to order a birthday cake for my {child} "
                "who is turning {age}.",
                "(Hi|Hey), (do you make|can you make) (custom birthday cakes|a birthday cake) (in "
                "the shape of|that looks like) a {shape}?",
                "Hello, it is my {child}'s birthday (next week|on {weekday}|this weekend) and I "
                "(want|need) a {shape} cake.",
                "Hi, I am calling to order a cake for a {ordinal} birthday, (something "
                "with|with) a "
                "{shape} on top.",
            ),
            ask=(
                "(Happy birthday to them|How nice). (How many people should it feed|What size were "
                "you thinking of)?",
                "(Sure|Of course). (Which flavor|What flavor and color) would you like (for the "
                "birthday cake|)?",
            ),
            wish=(
                (
                    "what",
                    "(For|It should feed) about {guests} (kids|people), {flavor} (inside|please), "
                    "and {color} icing.",
                ),
                (
                    "when",
                    "{flavor} (please|would be great), with {color} icing, and I (need|want) it "
                    "(by|for) {weekday} {daytime}.",
                ),
                (
                    "what",
                    "(I prefer|She loves|He loves) {flavor}, with candles and the name "
                    "{child_name} "
                    "(written on it|on top).",
                ),
            ),
            price=(
                "A (custom birthday cake|birthday cake of that size) is {small} dollars, (and the "
                "{shape}|and the figure on top) is (fifteen|twenty) dollars more.",
                "(That would be|It comes to) {small} dollars (with the decoration|with candles and "
                "a box).",
            ),
            more=(
                (
                    "Can you write (happy birthday {child_name}|{child_name} and a number) on it?",
                    "(Sure|Yes), writing on the birthday cake is free.",
                ),
                (
                    "Can I pick (it|the birthday cake) up (in the morning|before the party)?",
                    "(Yes|Sure), we have it ready (from nine|after ten) in the morning.",
                ),
            ),
        ),
        "corporate_catering": Inquiry(
            opening=(
                "(Hello|Good morning), I am calling from (our office|a law firm|a bank|an "
                "insurance company) downtown. We need (a quote for catering|catering) for a "
                "{event}.",
                "Hi, (can you cater|do you cater) (a company|an office|a business) {event} for "
                "{guests} employees?",
                "Hello, I organize (events|meetings) for my company and I (would like|need) a "
                "(quote|written quote) for (pastries and cakes|desserts and coffee) at our "
                "{event}.",
            ),
            ask=(
                "(Certainly|Of course). (How many employees|For how many people) and (on which "
                "date|when) is the (event|company event)?",
                "(We cater offices|We do a lot of offices). What would your company like to serve?",
            ),
            wish=(
                (
                    "when",
                    "It is (on|for) {weekday} the {day} of {month}, {guests} people, in our "
                    "conference room at (nine|ten|two|three) o'clock.",
                ),
                (
                    "what",
                    "(Small pastries|Mini cakes|Cupcakes with our logo) and coffee for {guests} "
                    "employees, and we need an invoice (for the company|for accounting).",
                ),
                (
                    "budget",
                    "{guests} people, and our budget is (about|no more than) {total} dollars (for "
                    "everything|including service).",
                ),
            ),
            price=(
                "Office catering is {unit} dollars a head (with plates|with coffee|with service), "
                "so {total} dollars (in total|for the whole office).",
                "(For a company event|For an office that size) we charge {unit} dollars per person "
                "plus (service|delivery).",
            ),
            more=(
                (
                    "Can you send (an invoice|a quote in writing) to our accounting department?",
                    "(Yes|Certainly), the company pays by invoice within thirty days.",
                ),
                (
                    "Do you bring plates and (staff|somebody to serve)?",
                    "(Yes|We can), (one server|two servers) for a company event is (ninety|eighty) "
                    "dollars.",
                ),
            ),
        ),
        "delivery": Inquiry(
            opening=(
                "(Hi|Hello), do you deliver (out to|to) {area}?",
                "(Hi|Hello), I (wanted|want) to (ask|know) (what time|when) my delivery (comes|"
                "will arrive) (today|tomorrow|on {weekday}).",
                "Hello, how much is delivery to {area}, and (what time|how early) can the driver "
                "(be here|come)?",
                "Hi, is delivery to {area} (possible|included), or do I have to pick the order up?",
            ),
            ask=(
                "(Let me check|Let me see). What is the (street address|address|delivery address)?",
                "(We do|I think so). Where (exactly|) does the driver need to go?",
            ),
            wish=(
                (
                    "where",
                    "It is {address}, {area}, (the side entrance|ring the second bell|third "
                    "floor).",
                ),
                (
                    "when",
                    "{address} in {area}. (The driver should come|I would like the delivery) "
                    "(before|around) (ten|eleven|noon|two o'clock).",
                ),
            ),
            price=(
                "Delivery to {area} is {fee} dollars and the (driver|van) comes between (eight and "
                "ten|ten and twelve|one and three).",
                "(We deliver to {area}|The van goes to {area}) every (day|morning) for {fee} "
                "dollars.",
            ),
            more=(
                (
                    "(Can|Will) the driver call me (when he is close|before he arrives)?",
                    "(Yes|Sure), the driver calls (ten|fifteen) minutes before the delivery.",
                ),
                (
                    "What if nobody is home when the (driver|delivery) comes?",
                    "(Then he leaves it|The driver can leave it) with a neighbor.",
                ),
            ),
        ),
        "change_order": Inquiry(
            opening=(
                "(Hi|Hello), I have an order (for {weekday}|with you) and I need to change (the "
                "date|the pickup time|it).",
                "Hello, I (need|have) to cancel (my order|the cake I ordered) for {weekday}, (our "
                "party is postponed|the party is off|my guest of honor is ill).",
                "Hi, I ordered (a cake|something) last week. (Is it too late|Can I still) to "
                "change the order (to a bigger size|to another day|)?",
                "Hi, could you move my order from {weekday} to (the day after|the next week|a "
                "later day)?",
            ),
            ask=(
                "(No problem|Let me look). What (name is the order under|is the order number)?",
                "(I can check that|Sure). Which order is it, and what should I change?",
            ),
            wish=(
                (
                    "when",
                    "The order is under {last}. (I would rather|I want to) pick it up on {weekday} "
                    "{daytime} instead.",
                ),
                (
                    "what",
                    "It is order number {order}. Please make it {flavor} (instead|instead of "
                    "vanilla) and (a size bigger|a size smaller).",
                ),
            ),
            price=(
                "I changed the order. (There is no charge for that|Changing it costs nothing) "
                "(until two days before|this week).",
                "(I found it|I have it here). Canceling is free, and your deposit of {fee} dollars "
                "goes back to your card.",
            ),
            more=(
                (
                    "Will I get a new confirmation of the (changed order|change)?",
                    "(Yes|Yes, you will), the changed order is confirmed by (text|e-mail) (today|"
                    "within the hour).",
                ),
                (
                    "And (when do I get|how do I get) my deposit back?",
                    "The deposit for the canceled order is back (in five days|by {weekday}).",
                ),
            ),
        ),
        "complaint": Inquiry(
            opening=(
                "(Hi|Hello), I (have to|want to) complain. The cake we (got|received) on {weekday} "
                "was (dry|damaged|the wrong flavor|crushed on one side).",
                "Hello, I am (not happy|disappointed). Your driver (came an hour late|dropped the "
                "box|was very late) and (the guests were waiting|the icing was ruined).",
                "Hi, I just wanted to (say|tell you) that the cake (last weekend|on {weekday}) was "
                "(wonderful|delicious|the best we ever had), (everybody loved it|thank you so "
                "much).",
                "Hello, I (paid|was charged) twice (for my last cake|last week) and "
                "(nobody|no one) "
                "(answers my e-mails|called me back).",
            ),
            ask=(
                "(Thank you for telling us|I appreciate that you call). (May I have your name|What "
                "happened exactly)?",
                "(I see|Oh). (When was that|Which day was it), and who served you?",
            ),
            wish=(
                (
                    "what",
                    "It was {weekday}, the {flavor} cake. I (took|have) pictures (of it|and can "
                    "send them).",
                ),
                (
                    "contact",
                    "The name is {first} {last}, it was {weekday}. Please (call me|write me an "
                    "e-mail) about it, (not a text|I do not use text).",
                ),
            ),
            price=(
                "(Thank you, I write all of that down|I have written that down). Mary and the "
                "bakers (read|get) every feedback, (and she decides about refunds|good or bad).",
                "(I will tell|I will pass it on to) Mary and the bakers. (She answers every "
                "complaint and every compliment|Your feedback matters to us) (herself|).",
            ),
            more=(
                (
                    "(Who is in charge there|Can I speak to the owner about this)?",
                    "(The owner is Mary|Mary is the owner), she reads every complaint herself.",
                ),
                (
                    "Where can I (leave|write) a review?",
                    "(On our page|You can review us online), and thank you for the feedback.",
                ),
            ),
        ),
        "dessert_table": Inquiry(
            opening=(
                "(Hi|Hello), what (do|would) you charge for a dessert table for {guests} people?",
                "Hi, I saw (your cookies|the macarons|your dessert table) on (Instagram|Facebook) "
                "and (want|would love) (a dessert bar|a cookie platter) for (a baby shower|a "
                "graduation party|an engagement party).",
                "Hello, I (am looking for|need) (a price for|prices on) cookies, macarons and "
                "cupcakes, (a whole dessert table|a full sweets table).",
            ),
            ask=(
                "(Great|Lovely). (Which sweets|How many kinds of cookies and desserts) would you "
                "like on the table?",
                "(Dessert tables are our favorite|We love those). How many guests, and which "
                "cookies do you like?",
            ),
            wish=(
                (
                    "what",
                    "(Macarons|Sugar cookies), (brownies|lemon bars) and cake pops in {color}, for "
                    "about {guests} guests.",
                ),
                (
                    "budget",
                    "{guests} guests, cookies and cupcakes mostly, and I (cannot|do not want to) "
                    "spend more than {total} dollars.",
                ),
                (
                    "when",
                    "It is on {weekday} the {day}, {daytime}, (in {color}|all in {color}), cookies "
                    "and (macarons|cupcakes).",
                ),
            ),
            price=(
                "A dessert table is {unit} dollars per guest with (four|five|six) kinds of sweets, "
                "so {total} dollars.",
                "Cookies are {fee} dollars a dozen, and the (full|whole) dessert table (for "
                "{guests}|) is {total} dollars.",
            ),
            more=(
                (
                    "(Do you bring|Are) the stands and (trays|jars) (too|included)?",
                    "(Yes|They are), stands for the dessert table are included and we collect them "
                    "(the next day|later).",
                ),
                (
                    "Can the cookies have (our initials|a name) on them?",
                    "(Sure|Yes), iced cookies with initials are (one|two) dollars more each.",
                ),
            ),
        ),
        "allergy_children": Inquiry(
            opening=(
                "(Hi|Hello), my {child} has a (nut|peanut|gluten|wheat) allergy and (it is for "
                "school|there is a class party). Do you bake (gluten free|nut free|allergy safe) "
                "cupcakes for children?",
                "Hello, (I need something|do you have anything) gluten free and nut free for (the "
                "first day of school|a school party|a kindergarten). (Some kids|Two children) in "
                "the class have allergies.",
                "Hi, my {child} is celiac. (Are your gluten free cakes|Is anything gluten free) "
                "safe for (a child with allergies|children with allergies)?",
            ),
            ask=(
                "(We do|Yes, we do). Which allergies (do the children have|does your child have), "
                "nuts, gluten, (milk|eggs)?",
                "(We have a nut free kitchen day|Good question). Which allergy is it, and how "
                "severe?",
            ),
            wish=(
                (
                    "what",
                    "(Gluten and nuts|No gluten, no nuts), (two|three) children, so "
                    "{guests} (gluten free|allergy safe) cupcakes for the whole class.",
                ),
                (
                    "when",
                    "Peanuts (and gluten|and eggs), and we need the allergy safe cupcakes for "
                    "school on {weekday} {daytime}.",
                ),
            ),
            price=(
                "Gluten free cupcakes (for schools|for a class) are {fee} dollars a dozen, baked "
                "on the day (when no nuts|we have no nuts) in the kitchen.",
                "Allergy safe (cakes|cupcakes) are {small} dollars (for a class|for twenty "
                "children), sealed (in a box|and labeled).",
            ),
            more=(
                (
                    "Is there (any trace of nuts|flour in the air) in your kitchen?",
                    "We bake allergy orders first, (in a separate room|with separate pans), before "
                    "any flour or nuts come out.",
                ),
                (
                    "Can I see the (ingredients|list of ingredients) for the school nurse?",
                    "(Of course|Sure), every allergy safe box has the ingredients on it for the "
                    "school.",
                ),
            ),
        ),
    }
)

HESITATIONS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "price": (
            (
                "(Oh|Hm), that is (a bit|a little|quite a bit) more than I (hoped|expected|wanted "
                "to spend).",
                "We can make it (smaller|simpler) and bring the price down a little.",
            ),
            (
                "(Wow|Oh wow), that (sounds|seems|is) (expensive|pricey). Is there (anything "
                "cheaper|a cheaper option)?",
                "(We have|There is) a (smaller one|simpler one) for (less|a third less).",
            ),
            (
                "(I am not sure|I do not know if) we can afford that (right now|).",
                "I understand. You could pay (half now and half later|in two parts).",
            ),
        ),
        "timing": (
            (
                "(I am not sure|I do not know yet) (about the date|if that date works), (we have "
                "not fixed it|it may still move).",
                "(That is fine|No rush), (we can hold a date|I can pencil you in) for a week.",
            ),
            (
                "That is (too late|too soon|not soon enough) for me, I (needed|was hoping for) it "
                "(earlier|much sooner).",
                "(Let me see what I can do|I will ask the kitchen), (we are full that week|it is a "
                "busy week).",
            ),
        ),
        "someone_else": (
            (
                "I (have to|need to|should) (talk to|check with|ask) my (husband|wife|boss|"
                "mother|partner) (first|before I decide).",
                "(Of course|Sure), (take your time|talk it over).",
            ),
            (
                "It is not (just me|only me) deciding, (my sister|the committee|my manager) has to "
                "(agree|sign off on it).",
                "(I understand|That is fine). (I can send them the details|They can call us too).",
            ),
        ),
        "comparing": (
            (
                "I (have|got) (another quote|a lower quote|an offer) from (a different bakery|the "
                "bakery on the corner|another place).",
                "(We use real butter and fresh fruit|Everything we do is made by hand), that is "
                "the difference.",
            ),
            (
                "(I am still|We are still) (looking around|comparing a few places|calling around).",
                "(That makes sense|Sure), (we are happy to answer questions|take a look at our "
                "reviews).",
            ),
        ),
        "distrust": (
            (
                "(How do I know|Are you sure) it will (really|actually) (arrive on time|look like "
                "the picture)? The last (bakery|place) let us down.",
                "We send you a picture before it leaves the kitchen.",
            ),
            (
                "(To be honest|Honestly), (I read|I saw) a (bad|mixed) review (about you|of "
                "yours), and I am (a bit worried|not so sure).",
                "(I understand|That was a bad day). (Mary checks every order now|We can show you "
                "our kitchen).",
            ),
        ),
        "put_off": (
            (
                "(Let me|I will) think about it and (call you back|get back to you) (later|next "
                "week|some other time).",
                "(Sure|All right), we are here until six.",
            ),
            (
                "(I am just asking for now|I am only asking), (maybe later|I will let you know).",
                "(No problem|That is fine), (call us any time|just call again).",
            ),
        ),
    }
)

GREETINGS: Final = (
    "(Hello|Good morning|Hi), Mary's Cakes, this call (may be|is) recorded. (How can I "
    "help|What can "
    "I do for you)?",
    "Mary's Cakes, {agent} speaking, this call is recorded. (How can I help you|What can I do for "
    "you)?",
    "Thank you for calling Mary's Cakes, this call may be recorded. (My name is|This is) {agent}.",
)

GREETINGS_WITHOUT_NOTICE: Final = (
    "Mary's Cakes, {agent} speaking. (How can I help you|What can I do for you)?",
)

BOOKING: Final = (
    (
        "(Shall I|Should I|Do you want me to) (book|reserve) that for you (now|)?",
        "(Yes please|Yes, let us do that|Sounds good, yes), (book it|go ahead).",
    ),
    (
        "(Would you like|Do you want) to (go ahead|place the order)?",
        "(Yes|Okay), (let us do it|I will take it|please put me down).",
    ),
)

DETAILS: Final = (
    (
        "(Great|Perfect). (May I have|Can I get) your name and (a phone number|your number)?",
        "(My name is|It is) {first} {last}, (and my number is|you can reach me at) {phone}.",
    ),
    (
        "(Perfect|Wonderful). What name (should I put|is it under) and a number (please|)?",
        "{first} {last}, that is {spelled}. (My number is|The number is) {phone}.",
    ),
    (
        "(Great|Good). Where (can I|should I) send the confirmation?",
        "(Send it|Please send it) to {email}. (My name is|This is) {first} {last}.",
    ),
)

PROMISES: Final = (
    "(You are all set|It is in the book). I will (send|text) you a confirmation (today|this "
    "afternoon).",
    "(Thank you, {first}|Wonderful). We (will call you|will call) (a day|two days) before "
    "to confirm.",
)

LATER: Final = (
    (
        "(Shall I|I can) (send you|e-mail you) the (prices|details|quote) (today|by tomorrow), "
        "(okay|all right)?",
        "(Yes|Please), (e-mail is best|send it to {email}). (I will call you back|I will be in "
        "touch) (this week|tomorrow).",
        "contact",
    ),
    (
        "(I will call you back|Let me call you back) (tomorrow|on {weekday}) (with the details|"
        "when I have asked the kitchen).",
        "(Good|Okay). (Call me|Please call) in the {callback}, my number is {phone}.",
        "contact",
    ),
)

LOST: Final = (
    (
        "(Would you like|Do you want) to (book|reserve) (it|that)?",
        "(No thank you|No, I do not think so), (not this time|we will go with somebody else|I "
        "will leave it).",
    ),
    (
        "(Shall I|Can I) put (you|that) down for (a date|{weekday})?",
        "(No|Not now), (that does not work for us|I will look somewhere else), thank you.",
    ),
)

SERVED: Final = (
    (
        "(Is there|Can I help with) anything else?",
        "No, that is (all|it), (thank you|thanks for your help).",
    ),
    ("(Does that help|Is that all right)?", "(Yes|It does), (thank you|thanks) (very much|a lot)."),
)

FAREWELLS: Final = (
    ("(Thank you|Thanks) for calling, (goodbye|have a nice day).", "(Bye|Thank you, goodbye)."),
    ("(Have a good day|Thank you), bye.", "(You too, bye|Bye bye)."),
)

WRONG_NUMBERS: Final = (
    (
        "(Hello|Hi), is this (the dentist|Doctor Miller's office|the pharmacy)? I (have an "
        "appointment|need a prescription).",
        "(No|I am afraid not), this is Mary's Cakes. (You have the wrong number|I think you "
        "dialed the wrong number).",
        "(Oh|Oh no), sorry, wrong number. (Bye|Goodbye).",
    ),
    (
        "Hi, (can I speak|could I talk) to (the service department|somebody) about my (car|"
        "brakes)?",
        "This is a cake shop, (you must have the wrong number|that is a wrong number).",
        "(Sorry|My mistake), I dialed the wrong number.",
    ),
)

MONTHS: Final = ("May", "June", "July", "September", "October", "November")
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
DAYTIMES: Final = ("morning", "afternoon", "at noon", "evening", "at ten in the morning")
FLAVORS: Final = (
    "chocolate", "vanilla", "lemon", "red velvet", "strawberry", "carrot", "almond", "raspberry",
    "salted caramel", "coconut",
)  # fmt: skip
COLORS: Final = ("pink", "blue", "white", "gold", "green", "purple", "yellow", "silver")
SHAPES: Final = (
    "dinosaur", "unicorn", "race car", "soccer ball", "princess castle", "train", "rocket",
    "football", "mermaid", "guitar",
)  # fmt: skip
CHILDREN: Final = ("son", "daughter", "nephew", "niece", "grandson", "granddaughter")
CHILD_NAMES: Final = ("Emma", "Lucas", "Sophie", "Daniel", "Mia", "Leo", "Chloe", "Max")
EVENTS: Final = (
    "board meeting", "summer party", "product launch", "training day", "retirement party",
    "team breakfast",
)  # fmt: skip
AREAS: Final = (
    "Brooklyn", "Queens", "the Bronx", "Yonkers", "Hoboken", "Jersey City", "Long Island",
    "Staten Island", "Harlem",
)  # fmt: skip
STREETS: Final = (
    "Maple Street", "Oak Avenue", "Park Avenue", "Main Street", "River Road", "Cedar Lane",
    "Madison Street", "Lincoln Avenue",
)  # fmt: skip
