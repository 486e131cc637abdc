//! Words that tell what stands beside them, and words that are capitalised without being names. Own lists.

use crate::gazetteer;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// A set of words, written as one string with blanks between.
pub(super) struct Words(LazyLock<HashSet<&'static str>>);

impl Words {
    /// Whether the word, already folded, is one of them.
    pub fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub(super) static $name: Words = Words(LazyLock::new(|| $text.split_whitespace().collect()));)*
    };
}

words! {
    /// Stand before a person's name, or are the last word of what a person is.
    TITLES = "president chancellor minister premier senator congressman congresswoman representative governor mayor \
        secretary ambassador general colonel major captain lieutenant sergeant admiral commander judge justice \
        professor prof dr doctor mr mrs ms mx miss sir dame rabbi reverend rev imam ayatollah sheikh archbishop bishop \
        cardinal sen rep gov gen col maj capt lt sgt adm cmdr ceo cfo coo cto chairman chairwoman chairperson \
        coach inspector detective analyst correspondent reporter spokesman spokeswoman spokesperson";
    /// Come before a title and belong to it.
    TITLE_PARTS = "prime vice deputy foreign defence defense finance interior chief executive attorney lieutenant major \
        brigadier former ex late acting associate assistant senior managing majority minority house senate rear state \
        interim co supreme";
    /// Titles that people say as part of the name.
    NOBLE = "king queen prince princess pope saint st lord lady count duke duchess emperor tsar sultan baron";
    /// What a person may be, written small.
    ROLES = "host hosts cohost cohosts guest guests author journalist reporter correspondent editor writer producer \
        director founder cofounder cofounders ceo cfo cto coo chief chair chairman chairwoman president minister \
        secretary senator governor mayor professor lecturer researcher scientist engineer developer entrepreneur \
        investor analyst economist historian lawyer attorney judge doctor physician nurse surgeon psychologist \
        therapist artist musician singer songwriter rapper composer actor actress comedian filmmaker photographer \
        designer architect activist advocate politician lawmaker congressman congresswoman diplomat ambassador \
        general commander officer officers executive manager leader head partner principal owner player coach \
        athlete champion columnist anchor presenter broadcaster podcaster blogger novelist poet biographer playwright \
        critic curator chef farmer teacher student programmer maintainer contributor creator inventor strategist \
        consultant adviser advisor expert specialist fellow narrator spokesman spokeswoman spokesperson wife husband \
        daughter son brother sister mother father friend colleague creators producers prosecutor biologist physicist \
        chemist astronomer neuroscientist philosopher theologian pastor priest survivor veteran pilot astronaut \
        illustrator translator publisher critic cartoonist drummer guitarist bassist vocalist frontman mathematician";
    /// End names of organisations.
    ORGANISATIONS = "inc corp corporation ltd llc plc co company companies gmbh ag sa university college school \
        institute institution foundation trust bank ministry department council committee commission party association \
        agency authority bureau group holdings partners capital ventures labs laboratory laboratories society union \
        federation league club church times post journal tribune herald gazette guardian network media studios records \
        press news radio parliament congress senate court army navy force guard brigade orchestra hospital clinic museum \
        airlines airways motors pharmaceuticals technologies systems software industries energy initiative center centre \
        alliance coalition board reserve treasury police service services bancorp therapeutics";
    /// Take "for", "and", "on" inside their names.
    OF_WHAT = "institute center centre committee council ministry department office agency coalition alliance fund \
        campaign society commission bureau organization organisation association college school university academy \
        foundation fellowship";
    /// Legal forms, which nobody says.
    FORMS = "inc incorporated corp corporation ltd limited llc llp lp plc gmbh ag sa se nv bv oy ab spa srl co kg company \
        holdings holding group";
    /// End names of places.
    PLACES = "city county island islands river lake street avenue road boulevard valley bay airport base province state \
        mountain mountains sea ocean desert peninsula gulf strait bridge square park beach harbor harbour hill hills \
        heights canyon canal creek forest coast republic emirates kingdom territory territories stadium temple palace \
        castle cathedral tower plaza village town zone springs falls camp prison";
    /// Stand before those that end names of places.
    OF_PLACES = "air naval military international national north south east west northern southern eastern western \
        central new old upper lower inner outer grand great little green red white black blue golden holy royal";
    /// End names of things.
    THINGS = "war wars summit conference cup olympics act prize award awards festival election elections treaty accord \
        accords agreement revolution protocol show podcast project bill amendment championship tournament plan \
        movement crisis uprising massacre report album tour series daily newsletter theorem effect disease syndrome app apps";
    /// Organisations whose names are ordinary words.
    FIRMS = "apple amazon google meta uber oracle shell target visa zoom slack stripe tesla intel adobe twitter facebook \
        microsoft netflix spotify youtube instagram linkedin nvidia openai boeing ford toyota samsung sony nintendo \
        pfizer moderna walmart disney hamas hezbollah taliban isis nato reuters cnn bbc npr nasa fbi cia nsa opec unicef \
        congress parliament pentagon kremlin starbucks mozilla github reddit tiktok bloomberg goldman citigroup ibm";
    /// Common last names that the table of ordinary English counts as words, because books are full of them.
    SURNAMES = "smith johnson williams jones davis miller wilson moore taylor anderson thomas jackson harris martin \
        thompson garcia martinez robinson clark rodriguez lewis lee walker allen hernandez wright lopez scott \
        adams baker gonzalez nelson mitchell perez roberts turner phillips campbell parker evans edwards collins stewart \
        sanchez morris rogers reed morgan murphy bailey cooper richardson cox howard torres peterson gray \
        ramirez watson brooks kelly sanders bennett barnes henderson jenkins perry powell patterson hughes \
        simmons foster bryant alexander russell griffin hayes trump biden obama clinton bush reagan nixon kennedy lincoln \
        washington carter roosevelt truman churchill thatcher blair merkel putin macron stalin lenin hitler mueller \
        schmidt schneider fischer weber meyer wagner becker hoffmann schulz koch bauer klein schroder neumann \
        murray ferguson johnston macdonald stevens gordon wallace harrison gibson mcdonald owens \
        ford kim chen wang li zhang liu singh kumar khan patel shah nguyen tran cohen levy goldberg einstein newton \
        darwin marx freud musk bezos zuckerberg buffett curry dvorak graham";
    /// Capitalised without being names: at the heads of sentences, in menus, in furniture of show notes.
    FURNITURE = "episode episodes part season chapter chapters podcast podcasts show shows series ep eps bonus trailer \
        intro outro introduction transcript transcripts links link website web site email mail newsletter subscribe \
        follow listen download donate support sponsor sponsors credits notes resources references bio about contact \
        music song songs theme guest guests host hosts producer producers editor executive special thanks thank \
        welcome join watch read visit click learn find discover share rate review reviews leave sign please note \
        ads ad choices privacy policy notice terms merch store shop blog feed rss mp3 url pdf faq q&a ama tv ok ai diy pm \
        am gmt utc est pst edt cet bst usd cd dvd id vs ps isbn tldr update updates breaking live new topics topic modified \
        timestamps timestamp summary description disclaimer copyright inc llc interview interviews recap today tonight \
        tomorrow yesterday number top best full ceo cfo cto coo hr vip rip aka ft feat www com january february march \
        april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec \
        monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun \
        mondays tuesdays wednesdays thursdays fridays saturdays sundays christmas easter god mr mrs ms dr sir madam ok okay i";
    /// Given names that products are called by, too.
    PRODUCTS_TOO = "ruby crystal julia ada pascal cassandra jasmine alexa cortana siri claude watson oscar elm sage ember \
        amber aurora athena iris maven";
    /// Say what a product is, and are nobody's last name.
    PRODUCTS = "ui ux api apis cli gui ide os sdk sql db vm ci cd ai ml io js css html pro server servers client clients \
        cloud engine framework library platform database dashboard plugin plugins extension browser desktop mobile \
        enterprise edition kit toolkit runtime compiler operator cluster console script studio suite stack linux \
        windows android kernel protocol token tokens wallet network networks";
    /// Places on the web that notes send their readers to.
    PLATFORMS = "twitter facebook instagram youtube linkedin tiktok reddit spotify patreon itunes stitcher soundcloud \
        discord telegram mastodon bluesky threads twitch apple google podcasts podchaser overcast castbox acast \
        substack medium github iheartradio audible pandora tunein deezer fountain podverse castamatic snapchat pinterest \
        whatsapp paypal venmo bandcamp goodreads amazon x rss megaphone art19 podbean libsyn buzzsprout anchor audioboom";
    /// Come between or before, whatever they are capitalised like.
    FUNCTION = "the a an and or but nor so yet for of in on at by to from with without into onto over under after before \
        between among against during about above below near since until till as than that this these those there here \
        i me my mine we us our ours you your yours he him his she her hers it its they them their theirs who whom whose \
        what which when where why how if because though although while whether unless is are was were be been being am \
        do does did done has have had having will would shall should can could may might must not no yes all any both \
        each every either neither few many more most much other others another some such several only own same too very \
        just also even still again then now once ever never always often sometimes perhaps maybe however therefore \
        meanwhile moreover instead indeed finally first second third last next plus via per through across along \
        around behind beyond despite except inside outside like off out up down let lets get got go goes going gone make \
        makes made take takes took come comes came see say says said tell tells told ask asks asked know think want need \
        one two three four five six seven eight nine ten hundred thousand million billion dozens everyone everybody \
        someone somebody anyone anybody nobody everything something anything nothing well oh hey hi hello ah um uh yeah \
        okay right good great big small old young early late later earlier currently recently eventually originally \
        previously im ive ill id hes shes theyre theyve youre youve were weve well dont doesnt didnt cant couldnt \
        wouldnt shouldnt isnt arent wasnt werent wont thats whats heres theres lets aint gonna wanna";
    /// Follow a person who speaks or is spoken of.
    SPEAKS = "says said saying explains explained reports reported reporting discusses discussed discuss talks talked tells \
        told argues argued writes wrote joins joined shares shared describes described recalls interviews interviewed \
        answers asks asked believes thinks reveals unpacks breaks hosts host speaks spoke returns testified tweeted \
        resigned married died born grew reads explores reflects warns warned announced chats sits";
    /// Come before a person.
    MEETS = "with guest guests by featuring feat ft interview interviews interviewing host hosts cohost cohosts meet joined \
        author reporter producer journalist correspondent editor joins welcomes welcome";
    /// Come before a place: "based in", "a trip to".
    LIVES = "based live lives lived living born raised headquartered residing trip travel travels travelled traveled \
        moved flew city town village capital island streets outskirts province people war protests elections mayor \
        governor visit troops border";
    /// First names and firms that are words too.
    WORDS_TOO = "will mark grace rose may april june august hope faith joy bill rob art frank jack pat sue drew dean grant \
        chase miles max gene dale guy ray apple amazon oracle shell target visa zoom slack stripe adobe meta ford \
        rich nick chip bob page price young long rice turner baker cooper walker carter mason \
        hunter parker porter bishop king prince duke earl angel summer autumn dawn eve heather holly ivy iris lily \
        daisy violet olive pearl ruby amber crystal jade penny robin jay martin drake wade cliff glen heath lance \
        norm stew skip buck bud chuck \
        bush reed marsh fields woods brooks rivers stone wood white black brown green gray fox wolf \
        congress parliament trump curry cox bell marshall ward cook house";
    /// Small words inside names.
    PARTICLES = "de da do dos das del della di du des la le van von der den ter ten zu zur al el bin ibn bint ben abu y \
        of";
}

/// Words that are written small, and whether they are frequent so. `data/names/NOTICE.md` says where they are from.
static SMALL: LazyLock<HashMap<&str, bool>> = LazyLock::new(|| {
    let words = include_str!("../../data/names/small_words.txt").lines();
    words.map(|word| word.strip_suffix('-').map_or((word, true), |word| (word, false))).collect()
});

/// Whether somebody may be called so by their first name.
pub(super) fn is_given(word: &str) -> bool {
    gazetteer::is_given_name(word)
}

/// Whether the folded word is what those are called who live somewhere: "iraqi".
pub(super) fn is_demonym(folded: &str) -> bool {
    gazetteer::place(folded).is_some_and(|place| place.kind == gazetteer::PlaceKind::Demonym)
}

/// Whether a word of the name tells that it is nobody's: an acronym ("Prometheus UI"), or what products are ("Max
/// Pro"). Initials ("JJ Abrams") and what follows a last name ("III") are no acronyms.
pub(super) fn is_of_product(name: &str) -> bool {
    let shouted = !name.chars().any(char::is_lowercase);
    let acronym = |(at, word): (usize, &str)| {
        let letters = word.chars().filter(|character| character.is_alphabetic());
        let caps = letters.clone().all(char::is_uppercase);
        let least = if at == 0 { 3 } else { 2 };
        caps && letters.count() >= least
            && !word.contains('.')
            && !matches!(word, "II" | "III" | "IV" | "JR" | "SR" | "MD")
    };
    let words = || name.split([' ', '-', '‑', '/']).map(|word| word.trim_matches(|mark: char| !mark.is_alphanumeric()));
    words().count() > 1
        && (!shouted && words().enumerate().any(acronym) || words().any(|word| PRODUCTS.has(&word.to_lowercase())))
}

/// Whether the folded word is a small one that is nobody's first name ("Will").
pub(super) fn is_function(word: &str) -> bool {
    FUNCTION.has(word) && !is_given(word)
}

/// Whether the folded word is ordinary English, so that its capital has to be explained.
pub(super) fn is_ordinary(word: &str) -> bool {
    if FUNCTION.has(word) {
        return true;
    }
    let letters = word.chars().filter(|character| character.is_alphabetic()).count();
    let frequent = || SMALL.get(word).copied().unwrap_or_else(|| is_inflected(word));
    letters < 2 || frequent() && !is_given(word) && !SURNAMES.has(word) && !FIRMS.has(word) && !is_place(word)
}

/// Whether it is a form of a frequent word that the list lacks.
fn is_inflected(word: &str) -> bool {
    let frequent =
        |ending| word.strip_suffix(ending).is_some_and(|stem| stem.len() >= 4 && SMALL.get(stem) == Some(&true));
    ["s", "ed", "ing", "ly"].into_iter().any(frequent)
}

/// Whether the folded text is a place of the table that no ordinary word is spelled like.
pub(super) fn is_place(folded: &str) -> bool {
    gazetteer::place(folded).is_some_and(|place| !place.ordinary)
}

/// Whether the folded word, or what it is an inflection of, is written small now and then.
pub(super) fn is_listed(word: &str) -> bool {
    let listed = |word: &str| SMALL.contains_key(word) || FUNCTION.has(word);
    let stem = |ending| word.strip_suffix(ending).filter(|stem: &&str| stem.len() >= 3);
    listed(word) || ["s", "es", "ed", "d", "ing", "er", "ers", "ly", "ness"].into_iter().filter_map(stem).any(listed)
}

/// Whether the folded word is a name whatever its capitals say: somebody's, a place's, or no English word at all.
pub(super) fn is_name_like(word: &str) -> bool {
    let letters = word.chars().all(|character| character.is_alphabetic()) && word.chars().count() >= 3;
    letters
        && (!is_ordinary(word) && (is_given(word) || SURNAMES.has(word) || FIRMS.has(word) || is_place(word))
            || !is_listed(word))
}

/// Whether only a capital tells the folded name from a word of ordinary English.
pub(super) fn is_word_too(word: &str) -> bool {
    is_ordinary(word) || WORDS_TOO.has(word)
}
