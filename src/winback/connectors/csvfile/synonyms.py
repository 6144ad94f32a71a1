"""What columns are called, in a file of answers by role and in files beside it by canonical column; and kinds of departure.

Patterns match a whole name in lower case with words parted by single spaces; the first that matches is the strongest.
"""

from __future__ import annotations

from collections.abc import Mapping

ROLES: Mapping[str, tuple[str, ...]] = {
    "score": (
        r"nps( (score|rating|value|answer))?", r"net ?pro(moter)?( score)?", r"ltr", r"likelihood to recommend( score)?",
        r".*(how likely|likelihood|wahrscheinlich|probab|recommand|recomend|empfehl).*", r".*recommend.*", r"score", r"rating", r"grade",
        r"(review|survey|answer|feedback|response|overall|satisfaction|csat) (score|rating)", r"fft( code)?", r"stars?",
        r"nota|note|bewertung|puntuacion|punkte|voto", r"score .*|.* score|rating .*|.* rating", r"satisfaction|csat",
    ),
    "date": (
        r"(answered|responded|response|answer|submitted|survey|feedback|completed|completion|review answer)( ?(at|on|date|time|timestamp))?",
        r"(occurred|recorded|created|received) ?(at|on|date|time)?", r"date|timestamp|datum|data|fecha|day|zeitpunkt",
        r"(review|comment|end|start) .*(date|time|timestamp)", r"date (answered|received|submitted|of .*)",
    ),
    "customer": (
        r"(customer|client|account|cust|acct|kunde|kunden|cliente|subscriber|company)( ?(id|no|nr|number|nummer|key|code|ref))",
        r"customer|client|kunde|cliente|account|subscriber",
    ),
    "respondent": (
        r"(respondent|contact|person|participant|recipient|teilnehmer)( ?(id|no|nr|number|key|code))?", r"e ?mail( address)?",
    ),
    "external_id": (
        r"(response|answer|feedback|survey response|comment|review|ticket|submission|record|row)( ?(id|no|nr|number|key|uuid))",
        r"external id|id|uuid|respnum|response",
    ),
    "text": (
        r"(open )?(comment|comments|verbatim|why|reason|feedback|text|message|review|remarks?|kommentar|warum|grund|begr.ndung|coment.rio|commentaire)s?",
        r".*\b(why|comment|comments|verbatim|reason for|feedback text|review|message|kommentar|warum|comentario|in your own words|tell us)\b.*",
        r".*\b(do better|improve|improvements?|suggestions?|anything else|besser machen|verbessern|mejorar|melhorar|am.liorer)\b.*",
    ),
    "channel": (r"channel|kanal|canal|mode",),
    "touchpoint": (r"touch ?point|trigger|event|interaction( type)?",),
    "journey_stage": (r"(journey )?stage|phase",),
    "product": (r"product( (name|line))?|produkt|produto",),
    "language": (r"language|lang|locale|sprache|idioma",),
    "kind": (r"(feedback )?(kind|type)",),
    "survey": (r"survey( ?(type|kind))?|umfrage",),
}  # fmt: skip

_ID = r"( ?(id|no|nr|number|nummer|key|code|ref))?"
_CUSTOMER = (rf"(customer|client|account|cust|acct|kunde|kunden|cliente|subscriber){_ID}", r"id|company( id)?")
SYNONYMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "customers": {
        "customer": _CUSTOMER,
        "customer_name": (r"(customer|account|company|client) ?name|name|company|kundenname",),
        "since_date": (r"(customer )?since( date)?|start( date)?|joined( at| on)?|signup( date)?|kunde seit|created( at)?",),
        "acquired_by": (r"acquired (by|through|via)|acquisition( channel| source)?|referral( source)?|how they came|lead source|referred( by)?",),
        "parent": (r"parent( account)?( id)?|group( id)?|holding",),
        "owner_name": (r"(account )?(owner|manager)( name)?|csm",),
        "renewal_date": (r"(contract )?renewal( date)?|contract end( date)?|renews( on)?|valid until",),
        "revenue": (r"(annual |yearly |total )?(revenue|turnover|sales|arr|umsatz|receita)( 12m|( last)? 12 months| per year)?|acv|arr|mrr|monthly charges?",),
        "margin": (r"(annual |yearly |gross |contribution )?(margin|profit|marge|deckungsbeitrag)( 12m|( last)? 12 months| per year)?",),
        "count_calls": (r"(count |number of |n )?calls?( count| 12m|( last)? 12 months| per year)?",),
        "count_tickets": (r"(count |number of |n )?(support )?tickets?( count| 12m|( last)? 12 months| per year)?",),
        "count_visits": (r"(count |number of |n )?visits?( count| 12m|( last)? 12 months| per year)?|truck rolls?",),
        "count_returns": (r"(count |number of |n )?returns?( count| 12m|( last)? 12 months| per year)?",),
        "count_credits": (r"(count |number of |n )?credits?( count| 12m|( last)? 12 months| per year)?",),
    },
    "customer_periods": {
        "customer": _CUSTOMER,
        "month": (r"month|period|monat|mes|m.s|date|month start",),
        "revenue": (r"revenue|turnover|sales|umsatz|receita|amount|billed|invoiced",),
        "cost": (r"cost( to serve)?|costs|kosten|custo",),
        "discounts": (r"discounts?|credits?|rebates?|rabatte?",),
        "margin": (r"(gross |contribution )?(margin|profit|marge|deckungsbeitrag)",),
    },
    "departures": {
        "customer": _CUSTOMER,
        "departure_kind": (r"(departure |churn |leaving |exit )?(kind|type)|how( it ended| they left)?|way of leaving",),
        "notice_date": (r"notice( date| given)?|cancell?ed (at|on)|kündigung.*",),
        "end_date": (r"(contract )?end( date)?|ended( at| on)?|left( at| on)?|churn(ed)?( date| at| on)?|departure date|last day|date",),
        "stated_reason": (r"(stated )?reason( given)?|(churn |departure |leaving |exit )reason|grund|why( they left)?",),
        "annual_value": (r"(annual|yearly|contract) value|annual revenue|acv|arr|value",),
    },
    "contacts": {
        "contact": (rf"(contact|person|respondent){_ID}", r"e ?mail"),
        "customer": _CUSTOMER,
        "contact_name": (r"(contact )?name|full name",),
        "contact_role": (r"(contact )?role|funktion|position",),
        "email": (r"(contact )?e ?mail( address)?",),
        "phone": (r"(contact )?(tele)?phone( (no|nr|number))?|mobile( (phone|no|nr|number))?|telefon|tel",),
        "language": (r"language|lang|sprache",),
        "opted_out": (r"opt(ed)? ?out|do not contact|unsubscribed",),
    },
    "invitations": {
        "invitation": (r"invitation( id)?|invite( id)?|id",),
        "customer": _CUSTOMER,
        "contact": (rf"(contact|person|respondent|recipient){_ID}",),
        "survey": (r"survey( type| kind)?",),
        "channel": (r"channel",),
        "sent_at": (r"(invited|sent)( at| on| date)?",),
        "delivered": (r"delivered",),
        "bounced": (r"bounced",),
        "answered_at": (r"(answered|responded|completed)( at| on| date)?",),
        "reason_not_sent": (r"(reason )?not sent( reason)?|reason",),
    },
    "cases": {
        "case_id": (r"case( id| no| number)?|ticket( id)?|id",),
        "customer": _CUSTOMER,
        "feedback_id": (r"(feedback|response|answer)( id)?",),
        "opened_at": (r"(opened|created)( at| on| date)?",),
        "contacted_at": (r"(first )?contact(ed)?( at| on| date)?",),
        "closed_at": (r"(closed|resolved)( at| on| date)?",),
        "status": (r"status|state",),
        "root_cause": (r"(root )?cause",),
        "action_taken": (r"action( taken)?|resolution",),
        "cost": (r"cost|redress|goodwill|compensation",),
    },
}  # fmt: skip
KIND_WORDS: Mapping[str, str] = {
    "cancelled": r"cancel+(ed|lation)?|terminated|gekündigt|churned|voluntary",
    "not_renewed": r"not renewed|non renewal|nonrenewal|expired|not renewing",
    "downgraded": r"downgraded?|contraction|reduced",
    "lapsed": r"lapsed?|inactive|dormant",
    "ended_by_us": r"ended by us|involuntary|terminated by us|non ?payment|fraud",
    "unavoidable": r"unavoidable|deceased|moved( away)?|bankrupt(cy)?|insolvent|closed down",
    "migrated": r"migrated|migration|merged|transferred",
}
