"""What callers say, in eight languages, and the voices of espeak-ng that can say it."""

# ruff: noqa: E501 - sentences, one a line

from __future__ import annotations

from typing import Final

ENGLISH_VOICES: Final = (
    "en-us", "en-gb", "en-gb-scotland", "en-029", "en-gb-x-rp", "en-gb-x-gbclan", "en-us-nyc",
)  # fmt: skip
"""Accents of English."""

FOREIGN_VOICES: Final = {
    "es": ("es", "es-419"),
    "fr": ("fr-fr", "fr-be"),
    "de": ("de",),
    "it": ("it",),
    "pt": ("pt", "pt-br"),
    "nl": ("nl",),
    # the voice "cmn" of espeak-ng 1.51 spells the characters' pinyin as English, tones aloud
    "cmn": ("cmn-latn-pinyin",),
}
"""Voices by language; the language as files are named after it."""

SPEAKERS: Final = ("m1", "f1", "m3", "f2", "m7", "f4", "klatt2", "f5")
"""Variants of a voice that sound like other people."""

TEXTS: Final = {
    "en": (
        (
            "Good morning, I would like to order a wedding cake for eighty people, for Saturday the "
            "twentieth of June. How much is it, and do you deliver?"
        ),
        (
            "Hi, I'm calling because my car makes a strange noise when I brake. Do you have an "
            "opening this week? Thursday morning would work for me."
        ),
        (
            "Hello, the water heater in our basement started leaking last night and I've turned it "
            "off. Can somebody come out today, and what does a visit cost?"
        ),
        (
            "I'd like to make an appointment for my daughter, she's six and she has a toothache. "
            "We were with you two years ago. Do you take our insurance?"
        ),
        (
            "You sent us an estimate for the roof in March. My husband and I have talked about it, "
            "and we'd like to go ahead, but not before the end of the summer."
        ),
        (
            "Could you tell me whether you're open on Sundays? I need two keys copied, and the lock "
            "on our back door sticks when it's cold."
        ),
    ),
    "es": (
        (
            "Buenos días, quería pedir una tarta de boda para ochenta personas, para el sábado "
            "veinte de junio. ¿Me puede decir cuánto cuesta y si la entregan?"
        ),
        (
            "Hola, llamo porque el coche hace un ruido muy raro cuando freno. ¿Tienen hueco esta "
            "semana? Puedo ir el jueves por la mañana."
        ),
        (
            "Buenas tardes, el calentador del sótano empezó a perder agua anoche y lo he apagado. "
            "¿Puede venir alguien hoy, y cuánto cuesta la visita?"
        ),
        (
            "Quisiera pedir una cita para mi hija, tiene seis años y le duele una muela. Estuvimos "
            "con ustedes hace dos años. ¿Aceptan nuestro seguro?"
        ),
        (
            "Nos mandaron un presupuesto para el tejado en marzo. Mi marido y yo lo hemos hablado y "
            "queremos seguir adelante, pero no antes de que acabe el verano."
        ),
        (
            "¿Me podría decir si abren los domingos? Necesito dos copias de una llave, y la cerradura "
            "de la puerta de atrás se atasca cuando hace frío."
        ),
    ),
    "fr": (
        (
            "Bonjour, je voudrais commander un gâteau pour l'anniversaire de ma fille, samedi "
            "prochain. Nous serons une vingtaine. Quel est le prix ?"
        ),
        (
            "Bonjour, je vous appelle parce que ma voiture fait un bruit bizarre quand je freine. "
            "Est-ce que vous avez de la place cette semaine ?"
        ),
        (
            "Bonsoir, le chauffe-eau de notre cave fuit depuis hier soir et je l'ai coupé. Est-ce "
            "que quelqu'un peut passer aujourd'hui, et combien coûte le déplacement ?"
        ),
        (
            "Je voudrais prendre rendez-vous pour ma fille, elle a six ans et elle a mal aux dents. "
            "Nous sommes venus chez vous il y a deux ans."
        ),
        (
            "Vous nous avez envoyé un devis pour la toiture au mois de mars. Nous en avons parlé "
            "avec mon mari, et nous voulons le faire, mais pas avant la fin de l'été."
        ),
        (
            "Pouvez-vous me dire si vous êtes ouverts le dimanche ? J'ai besoin de deux doubles de "
            "clé, et la serrure de la porte de derrière se bloque quand il fait froid."
        ),
    ),
    "de": (
        (
            "Guten Tag, ich möchte gerne eine Torte für die Hochzeit meiner Schwester bestellen, am "
            "zwanzigsten Juni, für achtzig Gäste. Was kostet das ungefähr?"
        ),
        (
            "Hallo, mein Auto macht beim Bremsen ein komisches Geräusch. Haben Sie diese Woche noch "
            "einen Termin frei? Donnerstag vormittag wäre gut."
        ),
        (
            "Guten Abend, der Warmwasserboiler in unserem Keller ist seit gestern undicht, ich habe "
            "ihn abgestellt. Kann heute noch jemand kommen, und was kostet die Anfahrt?"
        ),
        (
            "Ich hätte gern einen Termin für meine Tochter, sie ist sechs und hat Zahnschmerzen. Wir "
            "waren vor zwei Jahren schon einmal bei Ihnen."
        ),
        (
            "Sie haben uns im März ein Angebot für das Dach geschickt. Mein Mann und ich haben "
            "darüber gesprochen und wollen es machen lassen, aber nicht vor Ende des Sommers."
        ),
        (
            "Können Sie mir sagen, ob Sie sonntags geöffnet haben? Ich brauche zwei Schlüssel, und "
            "das Schloss an der Hintertür klemmt, wenn es kalt ist."
        ),
    ),
    "it": (
        (
            "Buongiorno, vorrei ordinare una torta per il matrimonio di mia sorella, il venti "
            "giugno, per ottanta persone. Quanto costa?"
        ),
        (
            "Salve, la mia macchina fa un rumore strano quando freno. Avete posto questa settimana? "
            "Per me andrebbe bene giovedì mattina."
        ),
        (
            "Buonasera, lo scaldabagno in cantina perde acqua da ieri sera e l'ho spento. Può venire "
            "qualcuno oggi, e quanto costa la chiamata?"
        ),
        (
            "Vorrei prendere un appuntamento per mia figlia, ha sei anni e ha mal di denti. Siamo "
            "stati da voi due anni fa. Accettate la nostra assicurazione?"
        ),
        (
            "Ci avete mandato un preventivo per il tetto a marzo. Ne ho parlato con mio marito e "
            "vogliamo procedere, ma non prima della fine dell'estate."
        ),
        (
            "Mi può dire se siete aperti la domenica? Mi servono due copie di una chiave, e la "
            "serratura della porta sul retro si blocca quando fa freddo."
        ),
    ),
    "pt": (
        (
            "Bom dia, queria encomendar um bolo de casamento para oitenta pessoas, para sábado, "
            "vinte de junho. Quanto custa, e vocês fazem a entrega?"
        ),
        (
            "Olá, estou ligando porque o meu carro faz um barulho estranho quando eu freio. Vocês "
            "têm horário esta semana? Quinta de manhã seria bom."
        ),
        (
            "Boa noite, o aquecedor de água começou a vazar ontem à noite e eu desliguei. Alguém "
            "pode vir hoje, e quanto custa a visita?"
        ),
        (
            "Gostaria de marcar uma consulta para a minha filha, ela tem seis anos e está com dor "
            "de dente. Estivemos aí há dois anos."
        ),
        (
            "Vocês mandaram um orçamento para o telhado em março. Eu conversei com o meu marido e "
            "queremos fazer, mas não antes do fim do verão."
        ),
        (
            "Pode me dizer se abrem aos domingos? Preciso de duas cópias de uma chave, e a "
            "fechadura da porta dos fundos trava quando está frio."
        ),
    ),
    "nl": (
        (
            "Goedemorgen, ik wil graag een bruidstaart bestellen voor tachtig personen, voor "
            "zaterdag twintig juni. Wat kost dat, en bezorgen jullie ook?"
        ),
        (
            "Hallo, ik bel omdat mijn auto een raar geluid maakt als ik rem. Hebben jullie deze "
            "week nog plaats? Donderdagochtend zou goed uitkomen."
        ),
        (
            "Goedenavond, de boiler in onze kelder lekt sinds gisteravond en ik heb hem uitgezet. "
            "Kan er vandaag nog iemand komen, en wat kost een bezoek?"
        ),
        (
            "Ik wil een afspraak maken voor mijn dochter, ze is zes en ze heeft kiespijn. We zijn "
            "twee jaar geleden bij jullie geweest."
        ),
        (
            "Jullie hebben ons in maart een offerte voor het dak gestuurd. Mijn man en ik hebben "
            "het erover gehad en we willen het doen, maar niet voor het einde van de zomer."
        ),
        (
            "Kunt u mij zeggen of jullie op zondag open zijn? Ik heb twee sleutels nodig, en het "
            "slot van de achterdeur klemt als het koud is."
        ),
    ),
    "cmn": (
        "您好，我想订一个婚礼蛋糕，六月二十号，大概八十个人。请问多少钱？可以送货吗？",  # noqa: RUF001
        "你好，我的车刹车的时候有奇怪的声音，这个星期有时间修吗？星期四早上可以。",  # noqa: RUF001
        "晚上好，我们地下室的热水器从昨天晚上开始漏水，我已经关掉了。今天有人能过来吗？上门费多少？",  # noqa: RUF001
        "我想给我女儿约一个时间，她六岁，牙疼。我们两年前来过你们这里。你们收我们的保险吗？",  # noqa: RUF001
        "你们三月份给我们寄过屋顶的报价。我跟我先生商量过了，我们想做，但是要等到夏天结束以后。",  # noqa: RUF001
        "请问你们星期天开门吗？我要配两把钥匙，后门的锁天冷的时候总是打不开。",  # noqa: RUF001
    ),
}
"""Six sentences a language, of as many trades."""
