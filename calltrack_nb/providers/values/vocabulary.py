"""The words of telephone systems, call trackers and CRMs for what became of a call.

Phrases are separated by semicolons, in lower case, without accents and hyphens. Left out
are words that mean different things in different systems; those that an export is likely
to have stand under the reason why they are not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from calltrack_nb.providers.values.column import Unreadable

NOT_SAID: Final = Unreadable("words that do not say whether the call was answered")
MESSAGE: Final = Unreadable("a message or fax, not a call")
NO_WORTH: Final = Unreadable("words that do not say whether the lead is qualified")
INTERNAL: Final = Unreadable("an internal call, neither inbound nor outbound")


# These say nothing where another word of the phrase does.
YIELDING: Final = frozenset({NOT_SAID, NO_WORTH})


def _by_phrase(kinds: Mapping[str | None, str]) -> dict[str, str | None]:
    return {
        " ".join(phrase.split()): kind for kind, text in kinds.items() for phrase in text.split(";")
    }


DIRECTIONS: Final = _by_phrase(
    {
        "inbound": """
            inbound; incoming; in; i; ib; inward; ein; terminating; trunking terminating;
            msg inbound; sms inbound; text inbound; eingehend; eingehende; eingehender; eingang;
            ankommend; ankommende; kommend; entrant; entrants; entrante; entrantes; recu;
            recus; recue; recibida; recibidas; recebida; recebidas; entrada; de entrada; in entrata;
            in arrivo; ricevuta; ricevute; inkomend; inkomende; binnenkomend; przychodzace;
            przychodzaca; prichozi; inkommande; indgaende; innkommende; saapuva; gelen; входящий;
            входящие; вхідний; 着信; 呼入""",
        "outbound": """
            outbound; outgoing; out; o; ob; outward; aus; placed; dialed; dialled; originating;
            trunking originating; outbound api; outbound dial; msg outbound; sms outbound;
            text outbound; ausgehend; ausgehende; ausgehender; ausgang; abgehend; abgehende;
            gehend; sortant; sortants; emis; saliente; salientes; realizada; realizadas; efetuada;
            efetuadas; saida; de saida; in uscita; effettuata; effettuate; uitgaand; uitgaande;
            wychodzace; wychodzaca; odchozi; utgaende; udgaende; lahteva; giden; исходящий;
            исходящие; вихідний; 発信; 呼出""",
        None: "unknown; unspecified",
        INTERNAL: """
            internal; intern; interne; interna; interno; internal call; intercom;
            extension to extension; внутренний; 内線""",
    }
)
STATUSES: Final = _by_phrase(
    {
        "answered": """
            answered; answer; ans; picked up; pick up; accepted; accept; connected; connect;
            received; completed; complete; handled; attended; taken; talked; spoke; conversation;
            reached; reach; established; human; live answer; left live message; live message;
            auto recorded; answered elsewhere; accepted elsewhere; picked up elsewhere;
            answered by other; answered by other member; answered by another member;
            answered by another phone; angenommen; angenommene; angenommener; beantwortet;
            beantwortete; beantworteter; entgegengenommen; verbunden; erfolgreich verbunden;
            repondu; repondue; decroche; decrochee; abouti; connecte; prise en charge; contestada;
            contestado; contestadas; atendida; atendido; atendidas; respondida; conectada;
            conectado; completada; atendeu; concluida; risposta; risposto; ha risposto; connessa;
            completata; beantwoord; beantwoorde; opgenomen; aangenomen; verbonden; odebrane;
            odebrana; odebrano; prijaty; prijate; besvarat; besvarad; besvaret; vastattu;
            cevaplandi; cevaplanan; отвечен; отвечено; принят; принятый; 応答; 応答済み; 已接听;
            已接""",
        "missed": """
            missed; no answer; noanswer; no response; no reply; unanswered; unconnected;
            unattended; ring no answer; rna; failed to answer; failed to connect; failed to reach;
            busy; line busy; user busy; failed; fail; failure; canceled; cancelled; cancel;
            rejected; reject; declined; decline; refused; unreachable; not reachable; unavailable;
            chanunavail; chan unavail; channel unavailable; congestion; timeout; timed out;
            time out; ring timeout; dnd; do not disturb; offline; ip phone offline; switched off;
            out of opening hours; out of hours; out of business hours; out of office hours;
            outside business hours; outside opening hours; outside office hours; outside hours;
            after hours; after business hours; office closed; holiday; no available agent;
            no available agents; no agent available; no agents available; no agent; no agents;
            no operator; no one available; invalid number; out of service; not in service;
            no route; error; internal error; network error; international disabled;
            restricted number; account suspended; dontcall; incomplete; no connection;
            no user response; unallocated number; user not registered; normal temporary failure;
            destination out of order; network out of order; subscriber absent; no voicemail;
            no voicemail left; no voicemail was left; no message; no message left;
            no message was left; did not leave a message; did not leave a voicemail; vm answer;
            verpasst; verpasste; verpasster; entgangen; entgangene; entgangener; entgangenes;
            nicht angenommen; unbeantwortet;
            unbeantwortete; keine antwort; keine annahme; nicht erreicht; nicht erreichbar;
            besetzt; abgelehnt; abgewiesen; fehlgeschlagen; manque; manques; manquee;
            sans reponse; pas de reponse; aucune reponse; occupe; refuse; rejete; echoue; echec;
            perdida; perdidas; perdido; sin respuesta; sem resposta; no contesta; ocupado;
            rechazada; fallida; nao atendeu; recusada; rejeitada; falhou; persa; perse; occupato;
            rifiutata; fallita; gemist; gemiste; geen antwoord; geen gehoor; onbeantwoord;
            onbeantwoorde; in gesprek; bezet; geweigerd; mislukt; nieodebrane; nieodebrana;
            nieodebrano; brak odpowiedzi; inget svar; intet svar; zajete; zmeskany; zmeskane;
            missat; obesvarat; ubesvaret; ubesvart; vastaamaton; cevapsiz; пропущен; пропущенный;
            пропущено; занято; неотвечен; нет ответа; 不在着信; 不在; 応答なし; 話中; 未接;
            未接听; 占线""",
        "voicemail": """
            voicemail; voice mail; vm; vmail; voicemails; voice message; left voicemail;
            left a voicemail; voicemail left; sent to voicemail; sent to vm;
            directed to voicemail; reached voicemail; voicemail reached; received voicemail;
            voicemail received; left message; left a message; message left; lm; lvm; left vm;
            vm left; message; answering machine; machine; mailbox; answered by voicemail;
            answered by voice mail; answered by vm; answered by machine;
            answered by answering machine; answered by mailbox; picked up by voicemail;
            voicemail answered; anrufbeantworter; sprachnachricht; sprachbox;
            nachricht hinterlassen; messagerie; messagerie vocale; repondeur; message vocal;
            message laisse; buzon; buzon de voz; mensaje de voz; correo de voz; contestador;
            correio de voz; caixa postal; mensagem de voz; segreteria; segreteria telefonica;
            casella vocale; messaggio vocale; voicemailbericht; antwoordapparaat; poczta glosowa;
            hlasova schranka; rostbrevlada; telefonsvarare; telefonsvarer; vastaaja; telesekreter;
            sesli mesaj; голосовая почта; автоответчик; 留守番電話; 留守電; 语音信箱""",
        "abandoned": """
            abandoned; abandon; abandonned; abn; abd; aband; short abandoned;
            abandoned in voicemail; hang up; hangup; hung up; hangs up; caller hung up;
            caller hangup; gave up; left queue; exited queue; caller canceled; caller cancelled;
            canceled by caller; cancelled by caller; originator cancel; originator canceled;
            aufgelegt; abgebrochen; abgebrochene; abandonne; abandonnee; abandonnes; raccroche;
            abandonada; abandonado; abandonadas; colgo; colgada; desligou; abbandonata;
            abbandonate; abbandonato; riagganciato; opgehangen; afgebroken; porzucone; porzucona;
            zavesil; avbruten; opgivet; luovutettu; terk edildi; брошен; 放棄; 途中切断; 放弃""",
        None: """
            unknown; unspecified; undefined; none; not set; in progress; inprogress;
            result in progress; queued; ringing; dialing; dialling; initiated; initiating;
            connecting; early media; started; scheduled; pending; active; ongoing; on hold;
            processing; spam; spam call; robocall; junk; test; test call; unbekannt; inconnu;
            desconocido; desconhecido; sconosciuto; onbekend""",
        NOT_SAID: """
            transferred; transfer; blind transfer; unattended transfer; forwarded; forward;
            redirected; redirect; parked; park; success; successful; succeeded; ok; done; ended;
            end; finished; closed; disconnected; dropped; lost; stopped; wrong number; blocked;
            blacklisted; internal; callback; call back; callback requested; called back; returned;
            recorded; recording; not available; na; attempted; contacted; normal clearing;
            normal call clearing; overflow; overflown; handoff; agent hung up; agent hangup;
            hung up by agent; weitergeleitet; verloren; beendet; transfere; terminado;
            transferida; trasferita; doorverbonden""",
        MESSAGE: """
            delivered; undelivered; bounced; sent; read; seen; opened; sms; text; text message;
            mms; fax; fax received; fax sent; receive error; send error; fax receipt error;
            fax send error; no fax machine; partial receive; partially sent; fax on demand""",
    }
)
LEADS: Final = _by_phrase(
    {
        "qualified": """
            qualified; qualified lead; call qualified; sales qualified; sql; good lead; good; yes;
            y; true; 1; valid; valid lead; opportunity; quotable; converted; won; closed won;
            closed converted; sold; sale; booked; appointment booked; appointment set;
            appointment scheduled; qualifiziert; qualifizierter lead; guter lead; gut; ja;
            qualifie; qualifiee; bon; oui; calificado; calificada; cualificado; bueno; si;
            qualificado; qualificada; bom; sim; qualificato; buono; gekwalificeerd; goed""",
        "not_qualified": """
            not a lead; not lead; no lead; non lead; not a real lead; unqualified;
            unqualified lead; disqualified; disqualified lead; dq; bad lead; bad; poor lead; junk;
            junk lead; fake; fake lead; invalid; invalid lead; spam; spam call; robocall;
            robo call; solicitor; solicitation; telemarketer; telemarketing; vendor; scam;
            wrong number; misdial; misdialed; no; n; false; 0; unquotable; nonquotable; test;
            test call; internal; staff; job seeker; job applicant; applicant; not a fit;
            not a good fit; bad fit; not an opportunity; non opportunity; irrelevant;
            unqualifiziert; disqualifiziert; nein; disqualifie; mauvais; non; descalificado; malo;
            desqualificado; nao; ruim; squalificato; ongekwalificeerd; gediskwalificeerd; nee""",
        None: """
            not; not scored; unscored; not set; not rated; unrated; not reviewed; unreviewed;
            needs review; under review; pending; unknown; undecided; unsure; maybe; none;
            previously marked good lead; new; open; in progress; working; contacted;
            attempted to contact; unique; repeat; duplicate; existing customer""",
        NO_WORTH: """
            lost; closed lost; no sale; not sold; not won; not converted; not booked;
            closed not converted; bad timing; interested; not interested; connected; open deal;
            answered; missed; closed""",
    }
)

# What a denial of a meaning says; a denial of any other says too little.
DENIED: Final[Mapping[str, str]] = {
    "answered": "missed",
    "qualified": "not_qualified",
}
# Who did not buy may have been qualified all the same.
_SALES: Final = "converted won sold sale booked opportunity"
NEVER_DENIED: Final = frozenset(_SALES.split())
# Two meanings that go together, and the one that says more.
TOGETHER: Final[Mapping[frozenset[str], str]] = {
    frozenset({"missed", "voicemail"}): "voicemail",
    frozenset({"missed", "abandoned"}): "abandoned",
}
_DENYING: Final = """
not no non never nobody none without before prior cannot unable false neither
n nein nee didnt wasnt isnt werent couldnt wont dont doesnt hasnt
nicht kein keine keiner keinen nie niemals ohne niemand pas sans aucun aucune jamais personne
sin nunca ningun ninguna nadie nao sem nenhum nenhuma ninguem senza nessun nessuno nessuna mai
niet geen nooit zonder inte ej ikke bez ei не нет без
"""
# Words by which a phrase says that nothing is settled.
_OPEN: Final = """
need needs pending yet awaiting waiting maybe possibly possible potential potentially probably
should could may might if unless until when almost partly previously formerly
noch encore aun todavia ainda ancora nog
"""
# Words after which a name may follow: "Answered by Sam".
_NAMING: Final = "by via from through von par por door durch af av"
_FILLING: Final = """
call calls called caller callers phone telephone voice line agent agents user users customer client
lead leads status result outcome disposition queue ivr menu hold ringing classic welcome
the a an this that it was were is are has have had been be being did do does can wo got get gets
of to for with at in on into and then left leave leaving auto automatically successfully here there
one anyone someone while during
anruf anrufe wurde wurden ist war der die das ein eine vom zu zum im am
appel appels ete est fut le la l un une de du d dans s
llamada llamadas fue ha sido el del en se chamada chamadas ligacao foi o uma da do na
chiamata chiamate e stata stato di della nel alla oproep oproepen werd het een van
polaczenie polaczenia
"""
DENYING: Final = frozenset(_DENYING.split())
OPEN: Final = frozenset(_OPEN.split())
NAMING: Final = frozenset(_NAMING.split())
# A word of another vocabulary says nothing here: "Inbound" in a status.
FILLING: Final = frozenset(
    (
        *_FILLING.split(),
        *(phrase for phrase in (*DIRECTIONS, *STATUSES, *LEADS) if " " not in phrase),
    )
)
