"""What a CRM calls the stages of a deal: won, lost, or open still.

A word that is not known is a problem that names it, never a stage: a shop whose CRM says
*gewonnen* where only *won* were understood would have no revenue, and nothing would say so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from calltrack_nb.providers.values.column import ReadColumn, Unreadable, read_distinct
from calltrack_nb.providers.values.phrases import Phrases, clauses_of, folded

KINDS: Final = ("won", "lost", "open")
_LONGEST: Final = 200  # characters
_SHOWN: Final = 60
_MOST_WORDS: Final = 25
_LOST: Final = "lost"

# As in the vocabulary of calls: without accents, and without words that mean two things. "Booked"
# may be an appointment or an order, "closed" and "done" a sale or its end.
_WORDS: Final[Mapping[str, str]] = {
    "won": """
        won; closed won; closedwon; won deal; deal won; sold; paid; paid in full; fully paid;
        customer; ordered; order placed; order received; contract signed; signed; purchased;
        bought; converted; sale; invoiced; payment received; deposit paid; offer accepted;
        quote accepted; proposal accepted;
        gewonnen; gewonnener deal; verkauft; bezahlt; bestellt; auftrag;
        auftrag erteilt; auftrag erhalten; beauftragt; gekauft; kunde; vertrag unterschrieben;
        unterschrieben; angebot angenommen; fakturiert; rechnung bezahlt; zugesagt;
        ganado; ganada; ganados; ganadas; vendido; vendida; pagado; pagada; comprado; cliente;
        contrato firmado; firmado; firmada; facturado; facturada;
        gagne; gagnee; gagnes; gagnees; gagnant; vendu; vendue; paye; payee; conclu; conclue;
        signe; signee; client; commande; facture payee;
        gewonnen deal; verkocht; betaald; klant; getekend; ondertekend; besteld; gefactureerd;
        ganho; ganha; ganhos; ganhas; pago; paga; vendas ganhas; venda realizada; assinado;
        contrato assinado; faturado; faturada;
        vinto; vinta; vinti; vinte; acquisito; acquisita; venduto; venduta; pagato; pagata;
        contratto firmato; fatturato; fatturata; ordinato;
        wygrana; wygrane; wygrany; vundet; vunnet; vunnen""",
    _LOST: """
        lost; closed lost; closedlost; lost deal; deal lost; disqualified; unqualified;
        not qualified; refused; rejected; declined; cancelled; canceled; not interested;
        no interest; no sale; dead; failed; offer declined; quote declined; proposal rejected;
        not won; not sold; not converted; did not buy; not bought; no longer interested;
        never won; closed not won; withdrawn; unsuccessful;
        verloren; verlorener deal; abgelehnt; abgesagt; storniert; nicht gewonnen;
        nie gewonnen; kein interesse; nicht interessiert; nicht gekauft; nicht verkauft;
        angebot abgelehnt; kein auftrag; absage; disqualifiziert; unqualifiziert; zuruckgezogen;
        gescheitert; nicht beauftragt; nicht bestellt; kein abschluss;
        perdido; perdida; perdidos; perdidas; no ganado; no ganada; rechazado; rechazada;
        cancelado; cancelada; sin interes; no interesado; no interesada; descartado; descartada;
        descalificado; descalificada; no vendido;
        perdu; perdue; perdus; perdues; non gagne; non gagnee; pas gagne; pas gagnee; refuse;
        refusee; annule; annulee; rejete; rejetee; non vendu; pas interesse; pas interessee;
        non conclu; abandonne; abandonnee; sans suite; disqualifie; disqualifiee;
        verloren deal; niet gewonnen; afgewezen; geannuleerd; geweigerd; geen interesse;
        niet geinteresseerd; niet verkocht; afgekeurd; gediskwalificeerd; vervallen;
        nao ganho; nao ganha; recusado; recusada; rejeitado; rejeitada; sem interesse;
        nao interessado; desqualificado; desqualificada; nao vendido;
        perso; persa; persi; perse; non vinto; non vinta; rifiutato; rifiutata; annullato;
        annullata; non interessato; non interessata; squalificato; scartato; non venduto;
        przegrana; przegrane; przegrany; tapt; tabt; forlorad""",
    "open": """
        open; open deal; new; new lead; new deal; in progress; working; pending; on hold; waiting;
        lead; prospect; prospecting; qualification; qualified; qualifying; qualified to buy;
        qualifiedtobuy; discovery; needs analysis; value proposition; id decision makers;
        perception analysis; proposal; proposal sent; price quote; quote; quote sent; quoted;
        offer; offer sent; estimate; estimate sent; estimated; negotiation; negotiating; review;
        in review; under review; demo; demo scheduled; presentation; presentation scheduled;
        presentationscheduled; appointment scheduled; appointmentscheduled;
        decision maker bought in; decisionmakerboughtin; contract sent; contractsent; contacted;
        follow up; follow up needed; nurturing; awaiting payment; awaiting decision; undecided;
        not yet won; not won yet; not yet sold; not sold yet; not paid yet; not yet paid;
        not closed; not lost yet; not yet lost; draft;
        offen; offener deal; neu; in arbeit; in bearbeitung; laufend; wartet; angebot;
        angebot gesendet; angebot geschickt; angebot verschickt; angebot erstellt; verhandlung;
        in verhandlung; qualifiziert; interessent; anfrage; in prufung; kontaktiert;
        uberlegt noch; noch offen; noch nicht gewonnen; noch nicht bezahlt; wiedervorlage;
        nicht abgeschlossen;
        abierto; abierta; abiertos; abiertas; nuevo; nueva; en curso; en proceso; pendiente;
        propuesta; propuesta enviada; presupuesto; presupuesto enviado; negociacion;
        en negociacion; calificado; cualificado; contactado; contactada;
        ouvert; ouverte; ouverts; ouvertes; nouveau; nouvelle; en cours; en attente; devis;
        devis envoye; proposition; proposition envoyee; negociation; en negociation; qualifie;
        qualifiee; a relancer;
        lopend; nieuw; nieuwe; in behandeling; in afwachting; offerte; offerte verstuurd;
        offerte verzonden; onderhandeling; in onderhandeling; gekwalificeerd; openstaand;
        aberto; aberta; abertos; abertas; novo; nova; em andamento; em aberto; pendente;
        proposta; proposta enviada; orcamento; orcamento enviado; negociacao; em negociacao;
        qualificado; qualificada;
        aperto; aperta; aperti; aperte; nuovo; nuova; in corso; in attesa; preventivo;
        preventivo inviato; proposta inviata; trattativa; in trattativa; negoziazione;
        qualificato; qualificata; da ricontattare""",
}
# They stand beside a stage and say nothing by themselves: "Closed - Won".
_BESIDE_WORDS: Final = """
    closed deal deals opportunity geschlossen abgeschlossen cerrado cerrada fermee ferme cloture
    gesloten afgesloten fechado fechada chiuso chiusa zakonczone status stage phase
"""
_BESIDE: Final = frozenset(_BESIDE_WORDS.split())
STAGES: Final[Mapping[str, str]] = {
    " ".join(phrase.split()): kind for kind, text in _WORDS.items() for phrase in text.split(";")
}
_PHRASES: Final = Phrases(STAGES, _BESIDE)


def read_stages(values: pd.Series[Any], named: Mapping[str, str]) -> ReadColumn:
    """Read the stages of deals.

    Parameters
    ----------
    values : pandas.Series of str
    named : mapping of str to str
        What the user says that words mean; it counts first.

    Returns
    -------
    ReadColumn
        ``won``, ``lost`` or ``open``. Every word that is not understood is a problem of its
        own, which names it.

    Examples
    --------
    >>> texts = pd.Series(["Closed Won (Sales)", "nicht gewonnen", "Angebot gesendet", "xyz"])
    >>> found = read_stages(texts, {})
    >>> found.series.tolist()
    ['won', 'lost', 'open', nan]
    >>> [reason.partition(":")[0] for reason in found.problems]
    ['not a known stage']
    """
    mine = {folded(word) or word.strip(): kind for word, kind in named.items()}
    strange = 0

    def read(text: str) -> str:
        nonlocal strange
        said = mine.get(folded(text) or text.strip()) or _stage_of(text)
        if said is not None:
            return said
        strange += 1
        if strange > _MOST_WORDS:  # a column of notes: a line each would help nobody
            return _unknown("…")
        return _unknown(" ".join(text.split())[:_SHOWN])

    return read_distinct(values, read, pd.CategoricalDtype(list(KINDS)))


def _unknown(word: str) -> Unreadable:
    return Unreadable(
        "not a known stage: give its meaning under [sources.stages] in calltrack.toml, "
        f'such as {json.dumps(word, ensure_ascii=False)} = "won" (or lost, or open)'
    )


def _stage_of(text: str) -> str | None:
    """Return the one stage that a text says, else None."""
    if len(text) > _LONGEST or "?" in text:
        return None
    if (whole := folded(text)) in STAGES:
        return STAGES[whole]
    clauses = clauses_of(text, _PHRASES)
    said = {meaning for clause in clauses for meaning in clause.said}
    if len(said) != 1 or None in said:
        return None
    stage = str(next(iter(said)))
    for clause in clauses:
        if clause.said and (clause.strange or clause.doubtful or clause.unsettled):
            return None
        # why a deal was lost may be a denial ("Lost - no budget"); "Won: no" takes it back
        a_reason = stage == _LOST and len(clause.words) > 1
        if not clause.said and (clause.doubtful or clause.unsettled) and not a_reason:
            return None
    return stage
