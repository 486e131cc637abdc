//! Words that carry grammar rather than subjects, and what each of them does. Own lists.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word may do in a sentence, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Class(u32);

impl Class {
    /// Carries no subject: never a keyword.
    pub const IDLE: Self = Self(1);
    /// Said while thinking: "um".
    pub const FILLER: Self = Self(1 << 1);
    /// Points at who speaks or listens: "my".
    pub const TALKER: Self = Self(1 << 2);
    /// Stands for somebody or something named before: "she", "theirs".
    pub const PRONOUN: Self = Self(1 << 3);
    /// Points: "this".
    pub const POINTER: Self = Self(1 << 4);
    /// An article, a number, what else may begin a noun phrase.
    pub const DETERMINER: Self = Self(1 << 5);
    /// "of", "with".
    pub const PREPOSITION: Self = Self(1 << 6);
    /// A form of "be", "have", "do", or a modal, that makes a clause finite.
    pub const AUXILIARY: Self = Self(1 << 7);
    /// "and", "but", "or".
    pub const CONJUNCTION: Self = Self(1 << 8);
    /// "if", "because", "which".
    pub const SUBORDINATOR: Self = Self(1 << 9);
    /// Opens a question.
    pub const QUESTION: Self = Self(1 << 10);
    /// Changes what is claimed: "not", "might", "alleged". What stands under it may never be told without it.
    pub const HEDGE: Self = Self(1 << 11);
    /// A noun that says nothing without what came before: "thing", "idea".
    pub const VAGUE: Self = Self(1 << 12);
    /// The plain form of a verb.
    pub const VERB: Self = Self(1 << 13);
    /// A past form that is no participle or often is none: "said".
    pub const PAST: Self = Self(1 << 14);
    /// An adverb, which may stand between a subject and its verb.
    pub const ADVERB: Self = Self(1 << 15);
    /// Points at a moment or place of talking: "today", "here".
    pub const DEICTIC: Self = Self(1 << 16);

    /// A verb that is a noun as often: "vote".
    pub const NOUN: Self = Self(1 << 17);
    /// A past form or participle.
    pub const PARTICIPLE: Self = Self(1 << 18);

    /// Whether it does any of these.
    pub fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }

    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The class of a folded word. Forms of verbs that are no nouns carry no subject.
pub(super) fn class(folded: &str) -> Class {
    let listed = look_up(folded);
    if listed.any(Class::NOUN) {
        return listed;
    }
    if listed.any(Class::VERB) {
        return listed.or(Class::IDLE);
    }
    match verb_of(folded) {
        Some((_, Form::Past)) => listed.or(Class::PARTICIPLE),
        Some((stem, Form::Third)) if !look_up(stem).any(Class::NOUN) => listed.or(Class::IDLE),
        None if is_idle_gerund(folded) => listed.or(Class::IDLE),
        _ => listed,
    }
}

fn look_up(folded: &str) -> Class {
    TABLE.get(folded).copied().unwrap_or_default()
}

/// "using", but not "voting".
fn is_idle_gerund(folded: &str) -> bool {
    let Some(stem) = folded.strip_suffix("ing").filter(|stem| stem.len() > 1) else { return false };
    let with_e = format!("{stem}e");
    let single =
        stem.as_bytes().last_chunk::<2>().filter(|two| two[0] == two[1]).map_or(stem, |_| &stem[..stem.len() - 1]);
    let found = [stem, &with_e, single].into_iter().map(look_up).find(|class| class.any(Class::VERB));
    found.is_some_and(|class| !class.any(Class::NOUN))
}

/// The plain form of a verb in its third person or past, if it is a verb of the list: "adds" → "add".
pub(super) fn verb_of(folded: &str) -> Option<(&str, Form)> {
    let is_verb = |stem: &str| look_up(stem).any(Class::VERB);
    if let Some(stem) = folded.strip_suffix('s') {
        let candidates = [Some(stem), stem.strip_suffix('e')];
        if let Some(stem) = candidates.into_iter().flatten().find(|stem| is_verb(stem)) {
            return Some((stem, Form::Third));
        }
        let ies = folded.strip_suffix("ies").filter(|stem| TABLE_OF_Y.contains(stem));
        return ies.map(|stem| (stem, Form::Third));
    }
    let stem = folded.strip_suffix("ed").filter(|_| folded != "seed")?;
    let doubled = stem.as_bytes().last_chunk::<2>().filter(|two| two[0] == two[1]).map(|_| &stem[..stem.len() - 1]);
    let e = folded.strip_suffix('d');
    let found = [Some(stem), e, doubled].into_iter().flatten().find(|stem| is_verb(stem));
    let ied = folded.strip_suffix("ied").filter(|stem| TABLE_OF_Y.contains(stem));
    found.or(ied).map(|stem| (stem, Form::Past))
}

/// The form of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Third,
    Past,
}

/// Verbs in -y without it.
const TABLE_OF_Y: [&str; 10] = ["appl", "den", "modif", "repl", "suppl", "tr", "var", "verif", "carr", "stud"];

static TABLE: LazyLock<HashMap<&'static str, Class>> = LazyLock::new(|| {
    let mut table: HashMap<&str, Class> = HashMap::new();
    for (class, words) in LISTS {
        for word in words.split_whitespace() {
            let entry = table.entry(word).or_default();
            *entry = entry.or(class);
        }
    }
    table
});

const I: Class = Class::IDLE;
const LISTS: [(Class, &str); 22] = [
    (
        I.or(Class::FILLER),
        "um uh er erm ah oh eh hmm mm mhm huh yeah yep yup yes nope okay ok alright wow hey hi hello bye uhm \
        uh-huh mm-hmm gonna wanna gotta haha",
    ),
    (
        I.or(Class::TALKER),
        "i i'm i've i'd i'll me my mine myself we we're we've we'd we'll us our ours ourselves you you're you've \
        you'd you'll your yours yourself yourselves let's y'all guys folks",
    ),
    (
        I.or(Class::PRONOUN),
        "he he's he'd he'll him his himself she she's she'd she'll her hers herself it it's it'd it'll its itself \
        they they're they've they'd they'll them their theirs themselves",
    ),
    (I.or(Class::POINTER), "this that that's that'd that'll these those such"),
    (
        I.or(Class::DETERMINER),
        "the a an some any all most many much each every no both either neither few several more less another \
        other others half enough one two three four five six seven eight nine ten eleven twelve hundred thousand \
        million billion first second third next last own same",
    ),
    (
        I.or(Class::PREPOSITION),
        "of in on at by for with from to into onto about over under between among against during before after \
        around through across behind beyond near off out up down inside outside within without upon toward towards \
        per via versus vs as than like along above below despite regarding including since until till",
    ),
    (
        I.or(Class::AUXILIARY),
        "is are was were am has have had does do did will would can could may might must shall should isn't aren't \
        wasn't weren't hasn't haven't hadn't doesn't don't didn't won't wouldn't can't cannot couldn't mustn't \
        shouldn't there's here's what's who's where's how's",
    ),
    (I, "be been being having doing done ain't ought"),
    (I.or(Class::CONJUNCTION), "and but or nor so yet plus"),
    (
        I.or(Class::SUBORDINATOR),
        "if because while when whenever where wherever whereas although though unless until since once whether which \
        who whom whose that as so cause 'cause",
    ),
    (
        I.or(Class::QUESTION),
        "what why how where when who which whose what's who's how's where's why's is are does do did can could \
        should would will was were has have",
    ),
    (
        I.or(Class::HEDGE),
        "not never no none nobody nothing neither nor hardly barely without isn't aren't wasn't weren't hasn't \
        haven't hadn't doesn't don't didn't won't wouldn't can't cannot couldn't shouldn't may might could would \
        should maybe perhaps possibly probably likely unlikely apparently seemingly seems seem seemed appears \
        appear appeared if unless whether suppose supposedly presumably almost nearly",
    ),
    (
        Class::HEDGE,
        "alleged allegedly alleges allege deny denies denied claim claims claimed reportedly rumored rumoured \
        suggests suggested suspected suspects accused accuses",
    ),
    (
        I.or(Class::VAGUE),
        "thing things stuff lot lots bit kind kinds sort sorts way ways something anything everything someone anyone \
        everyone somebody anybody everybody idea point question questions answer answers problem reason case cases \
        example part parts piece side time times day days week weeks month months year years today people person \
        guy man men woman women place fact difference goal result issue topic item items story show episode \
        podcast newsletter chapter page segment section link links number numbers rest end start beginning type types couple matter sense \
        motivation background context overview summary discussion opportunity approach comment comments note word words use uses one ones",
    ),
    (
        I.or(Class::ADVERB),
        "just also very really actually basically essentially literally obviously clearly simply only even still \
        already always often usually sometimes ever again too quite rather pretty maybe perhaps probably certainly \
        definitely totally absolutely exactly especially particularly mostly mainly generally currently recently \
        previously finally eventually initially originally together instead anyway however therefore thus hence \
        else then there now soon later ago almost nearly well far away back fully yet right though",
    ),
    (
        I.or(Class::DEICTIC),
        "here now today yesterday tomorrow tonight earlier previously above below last next ago later lately",
    ),
    (
        I,
        "know think mean say says saying get gets got gotten getting go goes going gone went come comes coming came \
        see sees seeing seen look looks looking looked want wants wanted wanting talk talks talking talked tell tells \
        telling told take takes taking took put puts thank thanks welcome guess feel feels felt feeling try trying \
        tried happen happens happened happening like likes liked let lets keep keeps kept give gives giving given \
        gave need needs needed make makes making made good great nice cool awesome interesting fun big little small \
        new old different whole real sure able true kinda sorta bad better best hard easy long short high low \
        important possible quick quickly bunch course wondering curious love hope appreciate speak speaking ask \
        asking asked mention mentioned mentioning cover covered covering discuss discussed discussing jump move \
        moving start started starting wrap sorry please hear heard hearing listen listening joined joining work \
        working works really another anyway somewhat somehow whatever",
    ),
    (
        Class::VERB,
        "accept accuse achieve add admit adopt affect agree aim allow announce appear apply approve argue arrest ask \
        assume attack avoid back ban become begin believe block boost break bring build buy call cancel cause change \
        charge choose claim clear close collapse come compare complete condemn confirm connect consider contain \
        continue convert cover create criticize cut damage decide declare decline decrease define defend delay \
        deliver demand depend deploy describe destroy detect determine develop die disable disclose discover discuss \
        drive drop eliminate emerge enable encourage end endorse enforce ensure enter escape establish evaluate \
        exceed exist expand expect explain exploit expose express extend face fail fall favor feature fight file find \
        finish fix focus follow force form gain generate get give go grow handle happen hear help highlight hit hold \
        identify ignore implement import improve include increase indicate influence integrate introduce invest \
        investigate invite involve issue join keep kill know lack launch lead leak learn leave let lie limit list \
        live look lose maintain make manage match matter mean measure meet merge mitigate modify move need notify \
        obtain occur offer open operate oppose order own pass pay perform permit place plan play point post prefer \
        prepare present prevent produce prohibit promise promote propose protect prove provide publish pull push \
        raise reach read rebuild receive recommend record reduce refer refuse reject relate release rely remain \
        remove rename replace report represent request require resign resolve respond restore restrict result \
        retire return reveal reverse revert review rise run save say search see seek seem sell send serve set shift \
        show shut sign solve speak spend split stand start state stay stop store strike struggle submit succeed \
        suffer suggest support suspend switch take talk target teach tell test think threaten track trade train \
        transfer transform trigger try turn update upgrade urge use validate visit vote wait want warn watch win \
        withdraw work worry write become broadcast compute encrypt fund hire import export deprecate enhance \
        complete simplify optimize rewrite ship demonstrate adjust assign attach attempt capture check click code \
        collect combine commit complain consist construct consume contribute control convince coordinate copy count \
        crash debate deal debug design distribute document download edit elect embed employ emphasize enjoy examine \
        execute fire flow fly gather guarantee guide hack hurt illustrate imply inform inherit install insist inspire \
        invent judge kick land last lend load lock log mine mix negotiate observe organize originate parse perceive \
        persist praise predict process program pursue quit rate realize recognize recover refine register regret \
        relay remember render repair repeat resemble retain scale scan separate sound specify spread steal stem \
        store stress suit surprise survive swap sweep tend throw tie touch translate travel treat unveil vary view \
        wonder worsen yield host acquire celebrate donate ease embrace evolve explore face grapple hail imagine expel \
        rewrite shape share spark stick study suspect tackle trace",
    ),
    (
        Class::NOUN,
        "access attack ban block boost break build building call change charge claim code commit copy cover crash cut \
        damage deal debate decline delay demand design drop download end exploit export face fall favor feature fight \
        file fix focus force form function fund funding gain guarantee guide hack host import increase influence \
        judge kick land launch lead leak learning limit load lock log match measure meeting merge mine mix move offer \
        order pay plan play post process program promise pull push rate record release repair report request result \
        return review rise run scale scan search shift sign sound spark split spread state stem store stress \
        strike struggle study support surprise suspect swap sweep switch target test touch trace track trade train \
        training transfer travel treat trigger update upgrade view visit vote watch win yield worry stick spending \
        hearing saving warning hiring meaning kill cause issue list broadcast balance contract value process fire \
        live speaking",
    ),
    (
        I.or(Class::PAST),
        "said told became began broke brought built bought caught chose came cut drew drove ate fell felt fought \
        found flew forgot gave went grew had heard held hit kept knew led left lost made meant met paid put quit ran \
        rose saw sold sent set shot shut sat slept spoke spent stood stole struck swore took taught thought threw \
        understood woke won wore wrote went says goes shows means",
    ),
    (
        I,
        "monday tuesday wednesday thursday friday saturday sunday january february march april june july august \
        september october november december minute minutes hour hours second seconds percent",
    ),
    (
        I,
        "aren won don didn doesn isn ll ve re etc ie eg mr mrs ms dr yet across among because whether either \
        maybe might must along actually particular specific certain potential potentially general overall \
        separate various similar related relevant original previous recent current additional extra further \
        later early earlier late famous easier harder larger smaller bigger faster greater higher lower ton tons dot com www http https due facilitate facilitates interact interacts noted notable careful congratulations chime chimes ok",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_have_plain_forms() {
        for (word, expected) in [
            ("adds", Some(("add", Form::Third))),
            ("reduces", Some(("reduce", Form::Third))),
            ("passes", Some(("pass", Form::Third))),
            ("denies", Some(("den", Form::Third))),
            ("proposed", Some(("propose", Form::Past))),
            ("dropped", Some(("drop", Form::Past))),
            ("applied", Some(("appl", Form::Past))),
            ("channels", None),
            ("seed", None),
            ("ed", None),
            ("s", None),
        ] {
            assert_eq!(verb_of(word), expected, "{word}");
        }
    }

    #[test]
    fn words_may_do_several_things() {
        assert!(class("might").any(Class::HEDGE) && class("might").any(Class::AUXILIARY));
        assert!(class("denied").any(Class::HEDGE) && !class("denied").any(Class::IDLE));
        assert_eq!(class("parliament"), Class::default());
    }
}
