/// The general English words a question is read with. Data only: nothing here knows any particular memory or question.
enum Vocabulary {
  private static func set(_ words: String) -> Set<String> { Set(words.split(whereSeparator: \.isWhitespace).map(String.init)) }

  /// Words that carry no topic.
  static let stop = set(
    """
    a an the this that these those it its itself he she his her hers him they them their theirs we us our i me my mine you your yours one
    ones is are was were be been being am do does did doing done has have had having can could may might must shall should will would
    and or but nor so than then as at by for from in into of off on onto out over to up down with without within about after before
    during while until since between under above against through again further once here there when where which who whom whose what why how
    all any anybody anyone anything anywhere both each either every everybody everyone everything few more most much many no none not only
    other others own same some somebody someone something somewhere such too very just also ever never always now if because like
    get gets got getting let lets please okay ok oh well hey hi hello thanks thank really actually exactly
    dont doesnt didnt isnt arent wasnt werent cant couldnt wont wouldnt whats wheres whens whos theres im ive id youre
    """)

  /// Words that frame a question about a recording without being its topic.
  static let framing = set(
    """
    often video videos clip film movie recording footage stream file scene scenes part parts point points moment moments time times place places
    section segment bit spot find show shows showed shown showing see sees seen saw seeing look looks jump go skip take give tell list
    appear appears appeared appearing visible screen screens display displayed happen happens happened happening occur occurs occurred
    come comes came coming remember recall search locate play
    know want need like anywhere somewhere mention mentions mentioned according start starts started begin begins
    """)

  /// People, whom a classifier of things does not name: that none was named says nothing.
  static let people = set(
    "person persons people man men woman women child children boy boys girl girls guy guys lady ladies kid kids pedestrian pedestrians human humans"
  )

  /// Words that questions in Spanish, Portuguese, French, Italian, German and Dutch are made with, without accents and without those that are
  /// English as well.
  static let foreign = set(
    """
    que cuando donde quien quienes como cuanto cuantos cuantas cual el los las una del por para esta hay aparece con
    onde quem quantos quantas qual os uma da na sao
    quand ou qui quoi quel quelle combien est le les des une du dans avec il elle ce cette sont apparait
    dove chi quanti quante quale gli della nel nella sono appare quando
    wann wo wer wie viele welche welcher welches ist der das ein eine einen dem und nicht gibt es zu sehen mit
    wanneer waar hoeveel welk welke het een zijn wordt
    """)

  /// More of the words that carry no topic are another language's than are English.
  static func isForeign(_ words: [Token]) -> Bool {
    let others = Set(words.map(\.text)).intersection(foreign)
    return others.count >= 2 && others.count > words.count { stop.contains($0.text) || framing.contains($0.text) }
  }

  /// Cues that the answer was written on screen.
  static let read = set(
    """
    sign signs signpost write writes written wrote text texts read reads reading slide slides caption captions captioned label labels
    labelled titled title headline subtitle subtitles password code price prices priced poster banner notice overlay
    logo printed print inscription timetable scoreboard website url email phone billboard placard burned watermark
    spelled number numbers typed heading receipt invoice signboard whiteboard blackboard
    display displays displayed expire expires expiry
    """)

  /// What writing stands on.
  static let media = set(
    """
    sign signs slide slides caption captions overlay banner poster notice billboard label subtitle subtitles placard signboard whiteboard
    blackboard scoreboard timetable
    """)

  /// Cues that the answer was said, and of those, the verbs that put what was said after them.
  static let said = set(
    """
    say says said saying mention mentions mentioned mentioning talk talks talked talking speak speaks spoke spoken speaking tell tells told
    announce announces announced announcing announcement explain explains explained explaining discuss discusses discussed discussing
    voice narrator speaker presenter lecturer host commentator newsreader interviewer interviewee speech quote quotes quoted describe
    describes described claim claims claimed argue argues argued ask asks asked asking reply replies replied answer answers answered
    promise promised recommend recommends recommended suggest suggests suggested state states stated remark word words phrase sentence
    topic conversation
    """)
  static let sayingVerbs = set(
    """
    say says said saying mention mentions mentioned mentioning talk talks talked talking speak speaks spoke speaking tell tells told
    announce announces announced explain explains explained explaining discuss discusses discussed discussing describe describes described
    claim claims claimed argue argues argued ask asks asked reply replies replied promise promised recommend recommends recommended
    suggest suggests suggested state states stated
    """)
  /// Who may say something without being the topic.
  static let speakers = set(
    """
    someone somebody anyone anybody they he she people person man woman voice narrator speaker presenter lecturer host teacher professor
    commentator reader newsreader news radio announcer anchor moderator reporter correspondent interviewer guest guy lady you we i it the a an this that does do did is are was were can where when what how part
    """)

  /// Cues that the answer was heard.
  static let heard = set("hear hears heard hearing sound sounds sounded sounding noise noises noisy listen audible audio loud loudly")
  /// Of these the ones that say so in so many words: what makes a noise may also be seen.
  static let hearing = set("hear hears heard audible")

  /// Things that are heard rather than seen: stems of sounds and of the verbs that make them.
  static let soundStems: Set<String> = Set(
    set(
      """
      bark barking woof howl growl meow purr moo mooing crow crowing cluck neigh whinny bray braying oink bleat hoot hooting chirp chirping
      tweet squawk quack croak croaking ribbit buzz buzzing hum humming hiss hissing roar roaring chatter siren sirens alarm beep beeping
      honk honking horn thunder rain raining wind waves rustle crackle splash drip dripping gurgle pour flush bell ringing ring chime chiming
      toll knock knocking bang banging slam crash crashing smash shatter clink clinking clatter creak creaking squeak squeaky squeaking
      squeal screech scrape click clicking tick ticking tap tapping thud thump pop explosion gunshot fireworks applause clap clapping
      cheer cheering boo laugh laughing laughter giggle chuckle cry crying sob scream screaming shout shouting yell whisper whispering cough
      coughing sneeze sneezing snore snoring breathe breathing sniff burp hiccup gasp sigh groan whistle whistling sing singing song music
      melody tune fanfare solo orchestra drumming trumpeting guitar violin piano flute saxophone trumpet gallop galloping hoof hooves
      footsteps engine motor revving rev vacuum drill drilling saw sawing hammer hammering typing snap
      """
    ).map { Stem.of($0) })

  /// Cues that the answer was seen.
  static let seen = set(
    """
    see sees seen saw seeing look looks looking watch visible picture image photo appear appears appeared wearing wears colour color scene
    shown onscreen screen show shows
    """)

  /// Negations that exclude what follows.
  static let exclusions: [[String]] = [
    ["other", "than"], ["apart", "from"], ["except", "for"], ["except"], ["excluding"], ["without"], ["but", "not"], ["not"],
  ]

  /// Fillers that ask nothing.
  static let fillers = set(
    """
    ok okay hmm hm mhm uh um uhm ah oh yes yeah yep no nope right sure fine cool great nice good thanks thank you hello hi hey wow lol well
    alright aha huh bye so and but the a got it i see please very much never mind nevermind
    """)

  /// Words whose plural or singular name a kind of thing rather than one thing.
  static let weekdays = set("monday tuesday wednesday thursday friday saturday sunday")
  static let months = set(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec"
  )
  static let units = set(
    """
    second seconds sec secs minute minutes min mins hour hours hr hrs day days week weeks month months year years percent kilometre
    kilometres kilometer kilometers km mile miles metre metres meter meters cm mm kg kilo kilos gram grams litre litres liter liters
    degrees kmh mph
    """)
  /// What may be told of somebody or something without being named: "Anna Berg, dentist". Stems.
  static let attributes: Set<String> = Set(
    set("name title number code colour color date time day place job profession role position address age opinion kind sort type word").map
    {
      Stem.of($0)
    })
  /// What values are called. Stems.
  static let values: Set<String> = Set(["price", "cost", "amount", "length", "duration", "value", "quantity"].map { Stem.of($0) })
  static let currencies = set("dollar dollars euro euros pound pounds cent cents pence yen eur usd gbp chf")
  static let durationUnits = set(
    "second seconds sec secs minute minutes min mins hour hours hr hrs day days week weeks month months year years")

  /// Short forms that stand on signs, and the words people ask with. Keys and values are stems; the relation is read both ways.
  static let shortForms: [String: [String]] = [
    "exp": ["expir"], "tel": ["phone", "telephon"], "rm": ["room"], "dr": ["doctor"], "prof": ["professor", "lecturer"], "st": ["street"],
    "rd": ["road"], "ave": ["avenu"], "hr": ["hour"], "min": ["minut"], "no": ["number"], "nr": ["number"], "dept": ["department"],
    "apt": ["apartment"], "cam": ["camera"], "temp": ["temperatur"], "max": ["maximum"], "vet": ["veterinari", "veterinarian"],
    "km": ["kilometer"], "kg": ["kilogram", "kilo"], "sec": ["second"], "veterinarian": ["veterinari"], "sat": ["saturdai"],
    "sun": ["sundai"], "mon": ["mondai"], "tue": ["tuesdai"], "wed": ["wednesdai"], "thu": ["thursdai"], "fri": ["fridai"],
    "pwd": ["password"], "pass": ["password"], "info": ["inform"], "govt": ["govern"], "vol": ["volum"], "ch": ["chapter"],
    "dep": ["departur", "depart"], "arr": ["arriv"], "flt": ["flight"], "pct": ["percent"], "hq": ["headquarter"],
  ]

  /// Everyday kinds, and of what names a classifier gives three steps down they are the kinds. Stems.
  /// *Source* the nouns of WordNet 3.0 above the labels of ImageNet.
  static let kinds: [String: Set<String>] = [
    "animal": set(
      "amphibian anapsid ape arthropod beetl bird bovid canin carnivor cetacean chelonian chordat crustacean diapsid dinosaur dog duck elapid "
        + "felin fish insect invertebrat lagomorph mammal metatherian oscin passerin phasianid primat reptil rodent ruminant saurian seabird "
        + "shorebird snak terrier ungulat vertebrat viper waterfowl whal"),
    "vehicl": set("aircraft conveyanc craft ship truck vessel vehicl"), "fruit": set("fruit"),
    "food": set("dish fruit vegetabl beverag snack"),
    "boat": set("vessel ship sailboat"), "building": set("building hous"), "instrument": set("instrument"),
  ]

  /// Both directions of `shortForms`.
  static let synonyms: [String: Set<String>] = {
    var table: [String: Set<String>] = [:]
    for (short, longs) in shortForms {
      for long in longs {
        table[Stem.of(short), default: []].insert(long)
        table[long, default: []].insert(Stem.of(short))
      }
    }
    return table
  }()
}
