# SPDX-License-Identifier: MPL-2.0
"""What invented patients come for: complaints, findings in shorthand, what was done.

`{a|b}` in a text means one of the two by chance. Written for the demo; nothing here
is advice.
"""

from dataclasses import dataclass
from enum import StrEnum

from arkanum.core.patients import Sex


class Measured(StrEnum):
    """Which vital signs belong to a visit."""

    FEVER = "fever"
    CIRCULATION = "circulation"
    BREATH = "breath"
    SUGAR = "sugar"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A reason to come once.

    Attributes:
        code: ICD-10-GM.
        ages: youngest and oldest completed years.
        sex: the only sex, or `None`.
        sided: has a left and a right.
        medicine: name, dose and days, or `None`.
    """

    code: str
    history: str
    finding: str
    therapy: str
    ages: tuple[int, int] = (0, 120)
    sex: Sex | None = None
    sided: bool = False
    measured: tuple[Measured, ...] = ()
    medicine: tuple[str, str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """An illness that stays.

    Attributes:
        from_age: youngest age in completed years.
        share: of those who are old enough, from 0 to 1.
        medicines: name and dose of what is taken for good.
        reason: short word for the medication plan.
        finding: what is found at a check.
        therapy: what is decided at a check.
    """

    code: str
    from_age: int
    share: float
    medicines: tuple[tuple[str, str], ...]
    reason: str
    finding: str
    therapy: str
    sex: Sex | None = None
    sided: bool = False
    measured: tuple[Measured, ...] = ()


CASES = (
    Case(code="J06.9", measured=(Measured.FEVER,),
         history="Seit {2|3|4} Tagen Schnupfen, Husten, "
                 "{Halsschmerzen|Gliederschmerzen}. {Kein Fieber|Fieber bis 38,5}.",
         finding="AZ {gut|leicht reduziert}, Rachen gerötet, "
                 "Tonsillen {o.B.|bds. leicht vergrößert}, TF reizlos, Lunge frei, kein Meningismus",
         therapy="Symptomatisch, viel trinken, Schonung. AU {3|4|5} Tage. WV bei Verschlechterung",
         medicine=("Ibuprofen 400 mg", "1-1-1 bei Bedarf", 5)),
    Case(code="J20.9", ages=(4, 120), measured=(Measured.BREATH, Measured.FEVER),
         history="Husten seit {1 Woche|10 Tagen}, "
                 "{zuerst trocken, jetzt gelblicher Auswurf|nachts am schlimmsten}. Nichtraucher{|, früher 10 py}.",
         finding="AZ gut, keine Dyspnoe, Lunge bds. belüftet, "
                 "{vereinzelt Giemen|mittelblasige RG bds. basal|Brummen li > re}, Herz rein, rhythmisch",
         therapy="Inhalieren mit NaCl, Schleimlöser. Rö-Thorax bei Fieber oder WV ohne Besserung in 1 Wo.",
         medicine=("Ambroxol 75 mg retard", "1-0-0", 7)),
    Case(code="J03.9", ages=(3, 45), measured=(Measured.FEVER,),
         history="Starke Halsschmerzen seit gestern, Schluckbeschwerden, Fieber.",
         finding="Tonsillen bds. vergrößert, {Stippchen|Beläge}, "
                 "zervikale LK druckdolent, Strept.-Schnelltest {pos.|neg.}",
         therapy="Penicillin V nach Leitlinie, AU 5 Tage, Aufklärung Ansteckung",
         medicine=("Penicillin V 1,2 Mega", "1-1-1", 7)),
    Case(code="J01.9", ages=(8, 120), sided=True,
         history="Druck über Stirn und Wange seit {5|7} Tagen, eitriges Nasensekret, Kopfschmerz beim Bücken.",
         finding="NAP {re|li} druckschmerzhaft, KS frei, Rachenhinterwand Schleimstraße",
         therapy="Abschwellende Nasentropfen max. 7 Tage, Nasendusche, Analgetikum",
         medicine=("Xylometazolin 0,1 % Nasenspray", "3x tgl.", 7)),
    Case(code="A09.9", measured=(Measured.CIRCULATION,),
         history="Seit {gestern|heute Nacht} Erbrechen und wässrige Durchfälle, "
                 "{Kollege ebenfalls krank|Enkel ebenfalls krank|zuletzt auswärts gegessen}.",
         finding="Abdomen weich, {diffuser DS|DS im Mittelbauch}, keine Abwehr, "
                 "DG lebhaft, Zunge {feucht|etwas trocken}, kein Blut im Stuhl",
         therapy="Elektrolytlösung, leichte Kost, AU 3 Tage, WV bei Fieber oder Blut"),
    Case(code="N30.0", ages=(16, 95), sex=Sex.W,
         history="Brennen beim Wasserlassen, Pollakisurie seit {2|3} Tagen, kein Fieber.",
         finding="NL frei, Abdomen weich, Urinstix: Leuko ++, Nitrit {pos.|neg.}, Ery {+|(+)}",
         therapy="Viel trinken, Antibiose, Uricult angelegt",
         medicine=("Fosfomycin 3000 mg", "einmalig abends", 1)),
    Case(code="M54.5", ages=(16, 95),
         history="{Nach Gartenarbeit|Nach dem Heben einer Kiste|Ohne Anlass} Schmerzen in der LWS seit {2|4} Tagen, "
                 "keine Ausstrahlung.",
         finding="LWS: paravertebraler Hartspann bds., Klopfschmerz neg., Lasègue bds. "
                 "neg., Kraft und Sensibilität seitengleich, kein Reithosenphänomen",
         therapy="Wärme, in Bewegung bleiben, NSAR kurz, 6x KG verordnet",
         medicine=("Ibuprofen 600 mg", "1-0-1", 7)),
    Case(code="M54.2", ages=(18, 90),
         history="Nackenschmerzen seit {3 Tagen|1 Woche}, viel Bildschirmarbeit.",
         finding="HWS: Rotation {re|li} endgradig eingeschränkt, Hartspann Trapezius bds., keine Parästhesien",
         therapy="Lockerungsübungen gezeigt, Wärme, MT 6x"),
    Case(code="M77.1", ages=(25, 75), sided=True,
         history="Schmerz außen am Ellenbogen beim Greifen seit Wochen.",
         finding="DS Epicondylus rad., Widerstandstest Handextension pos., kein Erguss",
         therapy="Schonung, Bandage, Dehnübungen, Salbe"),
    Case(code="S93.40", ages=(6, 80), sided=True,
         history="{Beim Sport|Auf der Treppe|Am Bordstein} umgeknickt, Auftreten {möglich|schmerzhaft}.",
         finding="OSG lat. geschwollen, Hämatom, DS Lig. fib. ant., Talusvorschub stabil, Ottawa neg., DMS intakt",
         therapy="PECH, Orthese 5 Wo., Thromboseprophylaxe n. Bedarf, Rö nicht erforderlich",
         medicine=("Diclofenac Gel 1 %", "3x tgl. dünn", 10)),
    Case(code="S61.0", sided=True,
         history="{Mit dem Brotmesser|Am Dosenrand|Mit dem Stechbeitel} geschnitten, vor {1|2} Std.",
         finding="Glatte Schnittwunde {1,5|2|3} cm, Beugung/Streckung frei, DMS o.B., Tetanus {aktuell|> 10 J.}",
         therapy="Reinigung, LA, {2|3|4} EKN, Verband; Fadenzug in 10 Tagen"),
    Case(code="L23.9", ages=(3, 90),
         history="Juckender Ausschlag {an den Händen|am Unterarm|im Gesicht} seit {2|5} Tagen, "
                 "{neues Waschmittel|Gartenarbeit|neue Creme}.",
         finding="Erythem, einzelne Papulovesikel, scharf begrenzt, keine Superinfektion",
         therapy="Auslöser meiden, topisches Steroid 5 Tage, rückfettende Pflege",
         medicine=("Hydrocortison 1 % Creme", "2x tgl. dünn", 5)),
    Case(code="H66.9", ages=(1, 14), sided=True, measured=(Measured.FEVER,),
         history="Ohrenschmerzen seit heute Nacht, Fieber, fasst sich ans Ohr.",
         finding="TF gerötet, {vorgewölbt|Erguss}, Mastoid nicht druckdolent, Rachen leicht gerötet",
         therapy="Analgetikum nach Gewicht, abschwellende Tropfen, Kontrolle in 2 Tagen",
         medicine=("Ibuprofen Saft 4 %", "nach Gewicht, max. 3x tgl.", 3)),
    Case(code="H61.2", ages=(5, 99), sided=True,
         history="Hört schlechter seit {dem Schwimmen|ein paar Tagen}, Druckgefühl.",
         finding="Gehörgang durch Cerumen verlegt, nach Spülung TF reizlos",
         therapy="Ohrspülung, keine Wattestäbchen"),
    Case(code="H10.9",
         history="Rotes, verklebtes Auge seit gestern.",
         finding="Konjunktiva injiziert, Sekret {eitrig|wässrig}, Visus orientierend o.B., Hornhaut klar",
         therapy="Lidhygiene, Tropfen; bei Lichtscheu oder Schmerz Augenarzt",
         medicine=("Gentamicin Augentropfen", "4x tgl. 1 Tr.", 5)),
    Case(code="R42", ages=(40, 99), measured=(Measured.CIRCULATION,),
         history="Schwindel beim Aufstehen seit {3 Tagen|1 Woche}, kein Sturz, keine Hörminderung.",
         finding="Kein Nystagmus, Romberg/Unterberger o.B., Lagerung neg., "
                 "Schellong: RR-Abfall {15|25} mmHg, Carotiden ohne Strömungsgeräusch",
         therapy="Trinkmenge steigern, langsam aufstehen, Medikation geprüft, EKG o.B."),
    Case(code="G44.2", ages=(12, 80), measured=(Measured.CIRCULATION,),
         history="Dumpfer Druckschmerz beidseits, "
                 "{abends|am Ende der Arbeitswoche}, keine Übelkeit, kein Lichtscheu.",
         finding="Neurologisch orientierend o.B., HWS Hartspann, kein Meningismus",
         therapy="Kopfschmerztagebuch, Ausdauersport, max. 10 Analgetikatage/Monat"),
    Case(code="K29.7", ages=(18, 90),
         history="Brennen im Oberbauch nach {Kaffee|NSAR-Einnahme|Stress} seit {1|2} Wo.",
         finding="DS Epigastrium, Abdomen weich, keine Resistenz, kein Teerstuhl",
         therapy="PPI 4 Wo., H. pylori-Stuhltest, Reizstoffe meiden",
         medicine=("Pantoprazol 40 mg", "1-0-0", 28)),
    Case(code="R10.4", ages=(6, 90), measured=(Measured.FEVER,),
         history="Bauchschmerzen seit {heute früh|gestern Abend}, wechselnd, kein Erbrechen.",
         finding="Abdomen weich, DS {periumbilikal|re Unterbauch leicht}, "
                 "McBurney neg., kein Loslassschmerz, Sono: kein freies FL",
         therapy="Beobachten, Wiedervorstellung in 6 Std. oder bei Zunahme sofort Klinik, Labor (CRP, BB)"),
    Case(code="B02.9", ages=(45, 99), sided=True,
         history="Brennender Schmerz am {Rumpf|Rücken}, seit gestern Bläschen.",
         finding="Gruppierte Vesikel auf Erythem, Dermatom Th{5|8|10}, halbseitig, keine Sekundärinfektion",
         therapy="Aciclovir, Analgesie, Aufklärung Postzosterneuralgie, Impfung später besprechen",
         medicine=("Aciclovir 800 mg", "5x tgl.", 7)),
    Case(code="F43.2", ages=(18, 80),
         history="{Trennung|Konflikt am Arbeitsplatz|Tod des Vaters}, schläft schlecht, grübelt, weint viel.",
         finding="Bewusstseinsklar, Stimmung gedrückt, Antrieb vermindert, keine Suizidalität (explizit gefragt)",
         therapy="Gespräch 30 Min., AU 1 Wo., Adressen Psychotherapie, WV in 7 Tagen"),
    Case(code="R53", ages=(18, 90), measured=(Measured.CIRCULATION, Measured.WEIGHT),
         history="Seit {Wochen|2 Monaten} müde und abgeschlagen, Gewicht stabil, kein Nachtschweiß.",
         finding="Internistisch und neurologisch orientierend o.B., Schleimhäute {rosig|blass}",
         therapy="Labor: BB, Ferritin, TSH, CRP, HbA1c, Leber, Niere; Besprechung in 1 Wo."),
    Case(code="U07.1", ages=(5, 95), measured=(Measured.FEVER, Measured.BREATH),
         history="Fieber, Husten, Geschmacksverlust seit {2|3} Tagen, Selbsttest positiv.",
         finding="AZ leicht reduziert, Lunge frei, Rachen gerötet, Ag-Schnelltest pos.",
         therapy="Symptomatisch, Abstand halten, bei Luftnot sofort melden, AU 5 Tage"),
    Case(code="T63.4", ages=(2, 90), sided=True,
         history="Wespenstich vor {einigen Stunden|einem Tag}, zunehmend geschwollen.",
         finding="Schwellung und Rötung {4|8|12} cm, überwärmt, keine Allgemeinreaktion, Kreislauf stabil",
         therapy="Kühlen, topisches Steroid, Antihistaminikum, Zeichen der Anaphylaxie erklärt",
         medicine=("Cetirizin 10 mg", "0-0-1", 5)),
    Case(code="Z00.0", ages=(35, 90), measured=(Measured.CIRCULATION, Measured.WEIGHT),
         history="Check-up. Keine Beschwerden. {Nichtraucher|Raucher, 15 py}, Sport {1x|2x|kaum} pro Woche.",
         finding="Ganzkörperstatus o.B., Herz rein, Lunge frei, Abdomen o.B., Pulse tastbar, Haut ohne Auffälligkeit",
         therapy="Labor Lipide/Glukose, Urinstix o.B., Impfstatus geprüft, Darmkrebsvorsorge besprochen"),
    Case(code="Z00.1", ages=(0, 6), measured=(Measured.WEIGHT,),
         history="Vorsorge. Eltern zufrieden, {schläft gut|spricht in Sätzen|läuft frei}.",
         finding="Altersgerechte Entwicklung, Herz/Lunge/Abdomen o.B., Hüften frei, Perzentilen im Verlauf",
         therapy="Impfungen nach STIKO, Vitamin D und Fluorid besprochen"),
    Case(code="L70.0", ages=(12, 30),
         history="Pickel im Gesicht, {seit der Pubertät|zuletzt schlimmer}.",
         finding="Komedonen und Papulopusteln {Stirn und Kinn|Wangen bds.}, keine Knoten",
         therapy="Milde Reinigung, Benzoylperoxid, Kontrolle in 8 Wo.",
         medicine=("Benzoylperoxid 5 % Gel", "abends dünn", 56)),
    Case(code="N94.6", ages=(13, 45), sex=Sex.W,
         history="Krampfartige Unterbauchschmerzen am 1. und 2. Zyklustag.",
         finding="Abdomen weich, Unterbauch leicht druckempfindlich, sonst o.B.",
         therapy="NSAR zu Beginn der Blutung, Wärme, Gynäkologie bei Zunahme",
         medicine=("Naproxen 250 mg", "1-0-1 bei Bedarf", 3)),
)  # fmt: skip

CONDITIONS = (
    Condition(code="I10.90", from_age=45, share=0.42,
              measured=(Measured.CIRCULATION, Measured.WEIGHT), reason="Blutdruck",
              medicines=(("Ramipril 5 mg", "1-0-0"), ("Amlodipin 5 mg", "0-0-1"), ("Candesartan 8 mg", "1-0-0"),
                         ("Bisoprolol 2,5 mg", "1-0-0")),
              finding="RR-Tagebuch {gut eingestellt|morgens noch erhöht}, "
                      "keine Ödeme, Herz rein, rhythmisch, Lunge frei",
              therapy="{Therapie unverändert|Dosis angepasst}, Salz reduzieren, Kontrolle in 3 Mon."),
    Condition(code="E11.90", from_age=45, share=0.14,
              measured=(Measured.SUGAR, Measured.WEIGHT, Measured.CIRCULATION), reason="Diabetes",
              medicines=(("Metformin 1000 mg", "1-0-1"), ("Empagliflozin 10 mg", "1-0-0")),
              finding="DMP Diabetes: HbA1c {6,8|7,1|7,4|7,9} %, Füße: Pulse tastbar, "
                      "Monofilament bds. {o.B.|vermindert}, keine Läsion",
              therapy="Ernährung besprochen, Augenarzt jährlich, Fußpflege, HbA1c in 3 Mon."),
    Condition(code="E78.0", from_age=40, share=0.2, reason="Cholesterin",
              medicines=(("Atorvastatin 20 mg", "0-0-1"), ("Simvastatin 20 mg", "0-0-1")),
              finding="LDL {98|112|131|147} mg/dl, CK normal, keine Muskelbeschwerden",
              therapy="Statin weiter, Ernährung, Kontrolle in 6 Mon."),
    Condition(code="E03.9", from_age=20, share=0.09, measured=(Measured.WEIGHT,), reason="Schilddrüse",
              medicines=(("L-Thyroxin 75 µg", "1-0-0 nüchtern"), ("L-Thyroxin 100 µg", "1-0-0 nüchtern")),
              finding="TSH {1,4|2,2|3,9} mU/l, SD nicht vergrößert, klinisch euthyreot",
              therapy="Dosis {unverändert|um 12,5 µg erhöht}, TSH in 6 Mon."),
    Condition(code="J45.99", from_age=5, share=0.06, measured=(Measured.BREATH,), reason="Asthma",
              medicines=(("Salbutamol DA", "2 Hübe bei Bedarf"), ("Budesonid/Formoterol 160/4,5", "1-0-1")),
              finding="Lunge {frei|exspiratorisches Giemen}, "
                      "Peak-Flow {380|420|460} l/min, Inhalationstechnik geprüft",
              therapy="DMP Asthma, Notfallplan besprochen, Spirometrie im nächsten Quartal"),
    Condition(code="M17.9", from_age=55, share=0.16, sided=True, reason="Knie",
              medicines=(("Ibuprofen 600 mg", "bei Bedarf, max. 3x tgl."),),
              finding="Knie: Flex/Ext 110/5/0, kein Erguss, Krepitation, Meniskuszeichen neg.",
              therapy="KG am Gerät, Gewicht reduzieren, Orthopädie bei Zunahme"),
    Condition(code="I48.9", from_age=65, share=0.09, measured=(Measured.CIRCULATION,), reason="Vorhofflimmern",
              medicines=(("Apixaban 5 mg", "1-0-1"), ("Metoprolol succ. 47,5 mg", "1-0-0")),
              finding="Puls arrhythmisch, EKG: VHF, HF {68|76|84}, keine Dekompensation",
              therapy="NOAK weiter, Krea und BB halbjährlich, Blutungszeichen besprochen"),
    Condition(code="J44.99", from_age=50, share=0.07, measured=(Measured.BREATH,), reason="COPD",
              medicines=(("Tiotropium Respimat", "2-0-0"), ("Salbutamol DA", "2 Hübe bei Bedarf")),
              finding="Lunge: leise AG, verlängertes Exspirium, FEV1 {58|64|71} % Soll, CAT {12|16}",
              therapy="Rauchstopp angesprochen, Grippe- und Pneumokokkenimpfung, DMP COPD"),
    Condition(code="F32.1", from_age=20, share=0.06, reason="Depression",
              medicines=(("Sertralin 50 mg", "1-0-0"), ("Mirtazapin 15 mg", "0-0-0-1")),
              finding="Stimmung {gebessert|noch gedrückt}, Schlaf {besser|gestört}, keine Suizidalität",
              therapy="Medikation weiter, Psychotherapie läuft, WV in 4 Wo."),
    Condition(code="N40", from_age=55, share=0.2, sex=Sex.M, reason="Prostata",
              medicines=(("Tamsulosin 0,4 mg", "0-0-1"),),
              finding="IPSS {9|13}, Restharn {20|45} ml, PSA stabil",
              therapy="Konservativ weiter, Urologe jährlich"),
    Condition(code="J30.1", from_age=6, share=0.14, reason="Heuschnupfen",
              medicines=(("Cetirizin 10 mg", "0-0-1 in der Saison"),),
              finding="Konjunktiven leicht gerötet, Nasenschleimhaut livide, Lunge frei",
              therapy="Saisonal Antihistaminikum, Hyposensibilisierung besprochen"),
    Condition(code="M81.99", from_age=65, share=0.14, sex=Sex.W, reason="Osteoporose",
              medicines=(("Alendronsäure 70 mg", "1x pro Woche"), ("Colecalciferol 1000 I.E.", "1-0-0")),
              finding="Größe unverändert, kein WS-Klopfschmerz, T-Score {-2,6|-2,9}",
              therapy="Therapie weiter, Sturzprophylaxe, Bewegung"),
)  # fmt: skip

CAUTIONS = (
    ("Penicillin: Exanthem als Kind", True),
    ("Ibuprofen: Asthmaanfall", True),
    ("Kontrastmittel: Urtikaria", True),
    ("Latexallergie", True),
    ("Wespengift: Notfallset", True),
    ("Marcumar/NOAK: keine i.m. Injektion", False),
    ("Herzschrittmacher", False),
    ("Kollabiert bei Blutabnahme, hinlegen", False),
    ("Nierenfunktion eingeschränkt, Dosis anpassen", False),
)
"""Text, and whether it is an allergy."""

NOTES = (
    "Rezept bestellt, Abholung {morgen|Freitag}",
    "Anruf: Befund besprochen, keine Rückfragen",
    "Überweisung {Kardiologie|Orthopädie|Augenarzt|Dermatologie} ausgestellt",
    "Impfpass vorgelegt, {Tdap|Influenza|FSME|Pneumokokken} aufgefrischt",
    "Arztbrief {Klinikum|Radiologie|Kardiologie} eingegangen, Kontrolle empfohlen",
    "Folge-AU bis Ende der Woche",
    "Hilfsmittel: Kompressionsstrümpfe Kl. II verordnet",
    "Hausbesuch auf Wunsch der Angehörigen",
    "Patientenverfügung in Kopie vorgelegt",
    "Blutabnahme nüchtern, Labor morgen",
)
