"""Words of praise and complaint in five languages, and pictures, with how they are meant. Of English what VADER lacks.

Valences run as VADER's do, from -4 to 4. A word with * stands for all that begin with it. Written by hand for what customers
say of a service or a purchase; words that are meant either way ("günstig" of a price, "schnell" of a decline) have small ones.
"""

from __future__ import annotations

WORDS: dict[str, dict[float, str]] = {
    "en": {
        2.2: "faultless courteous knowledgeable professional professionally professionalism informative attentive seamless* hassle-free spotless recommend recommended",
        1.4: "fast faster quick quickly quicker prompt promptly punctual reliable reliably stable tidy simple smooth smoothly efficient efficiently fixed resolved "
        "sorted affordable cheap responsive thorough",
        -1.4: "slow slower slowly late later wait waits waited waiting queue queues expensive pricey dear dearer costly overpriced outage outages dropouts dropout hangs "
        "crashes crashed freezes down offline stuck missed missing noisy dirty complicated unclear delayed delay delays",
        -2.2: "broken broke unhelpful unreliable unresponsive overcharged faulty wrong wrongly rudeness incompetent unprofessional unacceptable misleading unanswered unsolved useless",
    },
    "de": {
        3.0: "ausgezeichnet* hervorragend* perfekt* exzellent* großartig* grossartig* fantastisch* phantastisch* begeister* genial* wunderbar* spitze spitzen* traumhaft* liebe* super* klasse toll*",
        2.2: "gut gute guter gutes gutem guten bestens beste bester bestes besten empfehl* weiterempfehl* zufrieden* freundlich* nett nette netter nettes netten kompetent* hilfsbereit* zuverlässig* "
        "freue* freut freude lob loben gelungen* top danke dankbar* angenehm* sympathisch* herzlich* vorbildlich* schön schöne schöner schönes",
        1.4: "schnell* pünktlich* einfach* klappt* geklappt funktioniert* sauber* hilfreich* fair faire fairer faires günstig* problemlos* reibungslos* einwandfrei* stabil* gern gerne unkompliziert* flott* bequem* geduldig* "
        "ordentlich* solide* passt gelöst behoben verständlich* übersichtlich* aufmerksam* höflich* besser",
        -1.4: "langsam* teuer* teure* lange warte* gewartet wartezeit* warteschleife* verspät* spät kompliziert* umständlich* mühsam* unklar* verwirrend* unübersichtlich* schade leider fehlt* fehlen* fehler* mangel* mängel* "
        "nerv* laut überfüllt* überteuert* verschoben abgesagt vergessen abbr* störung* ausfall* ausgefallen stürzt abgestürzt hängt zäh",
        -2.2: "schlecht* unfreundlich* unzufrieden* enttäusch* ärger* verärgert* problem probleme problemen kaputt defekt* falsch* unzuverlässig* inkompetent* unhöflich* beschwer* kündig* unbrauchbar* unpünktlich* "
        "unerreichbar* ignoriert* lächerlich* zumutung* mies mieser miese mieses dreckig* schmutzig* arrogant* reklam* beschädigt*",
        -3.0: "katastroph* furchtbar* schrecklich* grauenhaft* grottenschlecht* unverschämt* betrug* betrüg* abzocke* frech* frechheit* skandal* horror* nie-wieder schlimm* unmöglich* wucher* schrott* unterirdisch* hass*",
    },
    "fr": {
        3.0: "excellent* parfait* génial* formidable* super magnifique* exceptionnel* extraordinaire* impeccable* adore* adoré* merveilleu* remarquable* top nickel",
        2.2: "bon bonne bons bonnes bien recommand* satisfait* content* ravi ravie ravis gentil* aimable* agréable* sympa* compétent* professionnel* efficace* fiable* merci apprécié* apprécie* qualité plaisir heureu* accueillant* meilleur*",
        1.4: "rapide* rapidement facile* facilement simple* pratique* propre* ponctuel* utile* clair claire clairs claires disponible* réactif* réactiv* souriant* poli polie polis patient patiente fonctionne marche résolu* soigné* "
        "conforme* correct correcte écoute",
        -1.4: "lent lente lents lentes cher chère chers chères long longue longs longues attente* attend* retard* compliqué* difficile* dommage manque* bruyant* bug bugs erreur* panne* plante* oubli* coupure* tard confus*",
        -2.2: "mauvais* déçu* décev* problème* injoignable* impoli* désagréable* incompétent* nul nulle nuls nulles cassé* abîmé* défectueu* faux fausse sale sales malpoli* mécontent* insatisfait* inadmissible* "
        "ridicule* réclamation* plainte* éviter fuir résili* ignoré* pire pénible* médiocre*",
        -3.0: "horrible* catastroph* scandale* scandaleu* arnaque* honte* honteu* lamentable* épouvantable* exécrable* voleur* escro* inacceptable* affreu* terrible* déplorable* cauchemar* déteste*",
    },
    "es": {
        3.0: "excelente* perfecto* perfecta* genial* fantástico* fantástica* maravillos* increíble* estupend* encanta* encantó espectacular* magnífic* inmejorable* fenomenal* súper super",
        2.2: "bueno buena buenos buenas buen bien recomend* satisfech* content* feliz felices amable* simpátic* competente* profesional* eficaz eficiente* fiable* gracias gusta gustó agradable* atent* calidad mejor mejores encantad*",
        1.4: "rápid* rapid* fácil* sencill* cómod* limpi* puntual* útil* clar* funciona* barat* económic* resolvi* resuelt* educad* paciente* práctic* correct* justo",
        -1.4: "lent* caro cara caros caras tarde tarda* tardó tardaron demora* espera esperando esperar esperé retras* complicad* difícil* lástima falta* ruidos* error* confus* olvid* cae cayó corta cortes cuelga* sucio sucia",
        -2.2: "malo mala malos malas mal problema* decepc* roto rota rotos defectuos* antipátic* maleducad* incompetente* insatisfech* descontent* queja* peor peores fatal fallo* falla* fallan* "
        "equivocad* dañad* inútil* ridícul* ignora* cancel* evitar",
        -3.0: "pésim* horrible* terrible* estafa* engañ* vergüenza* vergonzos* desastre* desastros* inaceptable* robo* ladron* asco* lamentable* odio* horroros* nefast*",
    },
    "pt": {
        3.0: "excelente* perfeit* ótim* otim* maravilh* fantástic* incríve* adorei amei adoro amo sensacional* espetacular* impecáve* nota-10 show lind* top",
        2.2: "bom boa bons boas bem recomend* satisfeit* contente* feliz felizes atencios* educad* simpátic* competente* profissiona* confiáve* confiavel eficiente* obrigad* gostei gosto gostamos parabéns parabens qualidade melhor agradáve* amáve* super",
        1.4: "rápid* rapid* fácil* facil* simples pontua* limp* útil clar* funciona* barat* resolvi* resolvid* prátic* pratic* cert* corret* direitinho bonit* prazo antes cuidados*",
        -1.4: "lent* caro cara caros caras demor* atras* espera* esperando complicad* difícil* dificil* pena falt* erro erros confus* esqueci* tarde cai caiu trava* travando barulh* suj*",
        -2.2: "ruim ruins mau má mal problema* decepc* quebrad* defeit* estragad* danificad* antipátic* grosseir* incompetente* insatisfeit* descontente* reclama* pior piores falh* errad* inútil* "
        "ignor* cancel* diferente* fraco fraca rasgad* amassad*",
        -3.0: "péssim* pessim* horríve* horrivel terríve* terrivel golpe* engan* vergonh* desastr* inaceitáve* roub* ladr* lixo odiei odeio absurd* lamentáve* fraude* desrespeit*",
    },
}  # fmt: skip
DENIALS: dict[str, frozenset[str]] = {
    "de": frozenset(["nicht", "nie", "niemals", "kein", "keine", "keinen", "keiner", "keinem", "keinerlei", "ohne", "kaum", "weder", "nichts"]),
    "fr": frozenset(["pas", "jamais", "sans", "aucun", "aucune", "ni", "peu", "rien", "plus"]),
    "es": frozenset(["no", "nunca", "jamás", "sin", "ni", "tampoco", "ningún", "ninguna", "poco", "nada"]),
    "pt": frozenset(["não", "nao", "nunca", "jamais", "sem", "nem", "nenhum", "nenhuma", "pouco", "nada"]),
}  # fmt: skip
# What a denial stands behind: "funktioniert nicht", "ne marche pas".
BEHIND: dict[str, frozenset[str]] = {"de": frozenset(["nicht", "nie"]), "fr": frozenset(["pas", "jamais", "plus"])}
BOOSTERS: dict[str, frozenset[str]] = {
    "de": frozenset(["sehr", "wirklich", "absolut", "total", "extrem", "besonders", "echt", "richtig", "viel", "zu", "völlig", "rundum", "äußerst", "so"]),
    "fr": frozenset(["très", "vraiment", "tellement", "trop", "super", "extrêmement", "absolument", "si", "totalement", "beaucoup"]),
    "es": frozenset(["muy", "realmente", "tan", "demasiado", "súper", "super", "totalmente", "bastante", "mucho"]),
    "pt": frozenset(["muito", "realmente", "tão", "demais", "super", "totalmente", "extremamente", "bastante", "mto", "bem"]),
}  # fmt: skip
PICTURES: dict[float, str] = {
    3.0: "😍🥰😘🤩❤♥💖💕💗🎉🏆💯",
    2.2: "😀😃😄😁😆😊☺🙂😎🤗👍👏🙌💪🙏⭐🌟😻👌🥳✅💚💙🧡💛",
    -1.4: "😕🙁☹😟😐😑🙄😬😒🤨😪😫😩",
    -2.2: "👎😞😔😢😣😖😤😠💔😿❌🤦😰",
    -3.0: "😡🤬😭🤮🤢💩👿🖕",
}  # fmt: skip
