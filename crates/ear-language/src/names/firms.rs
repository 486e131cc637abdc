//! The firm in a role: "Analyst, Goldman Sachs", "Oppenheimer".

/// Words of jobs and of what jobs are about. A part of a role that has one names no firm.
const JOBS: &[&str] = &[
    "affairs",
    "america",
    "american",
    "analyst",
    "assistant",
    "associate",
    "author",
    "board",
    "business",
    "caribbean",
    "ceo",
    "cfo",
    "chair",
    "chairman",
    "chairwoman",
    "chief",
    "cmo",
    "coo",
    "corporate",
    "correspondent",
    "counsel",
    "cto",
    "development",
    "director",
    "division",
    "editor",
    "evp",
    "executive",
    "finance",
    "financial",
    "founder",
    "global",
    "guest",
    "head",
    "host",
    "investor",
    "ir",
    "journalist",
    "lead",
    "legal",
    "manager",
    "managing",
    "marketing",
    "member",
    "officer",
    "operating",
    "operations",
    "operator",
    "owner",
    "partner",
    "planning",
    "president",
    "principal",
    "producer",
    "professor",
    "relations",
    "reporter",
    "research analyst",
    "retail",
    "sales",
    "secretary",
    "senior",
    "speaker",
    "strategy",
    "svp",
    "technology",
    "treasurer",
    "vice",
    "vp",
];

/// The firms that a role names: what stands after a comma, or alone, and is no job. At most two.
///
/// "Research" is a job's word and also a firm's ("Wolfe Research"), so it is taken for a firm's.
pub fn firms(role: &str) -> Vec<String> {
    let parts = role.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    let is_firm = |part: &&str| {
        let mut words = part.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
        let is_cased = words.peek().and_then(|word| word.chars().next()).is_some_and(char::is_uppercase);
        let is_of_firm = part.split_whitespace().count() > 1
            && part
                .split_whitespace()
                .any(|word| matches!(word, "Bank" | "Capital" | "Securities" | "Partners" | "Markets"));
        is_cased
            && part.chars().count() <= 60
            && (is_of_firm || !words.any(|word| JOBS.contains(&word.to_lowercase().as_str())))
    };
    parts.filter(is_firm).take(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn firms_are_told_from_jobs() {
        for (role, expected) in [
            ("Analyst, Goldman Sachs", "Goldman Sachs"),
            ("Oppenheimer", "Oppenheimer"),
            ("Bank of America", "Bank of America"),
            ("BMO Capital Markets", "BMO Capital Markets"),
            ("Wolfe Research", "Wolfe Research"),
            ("Senior Vice President, General Counsel and Secretary", ""),
            ("President and CEO", ""),
            ("IR", ""),
            ("the VP of Legal Affairs", ""),
            ("Vice President-Investor Relations", ""),
            ("guest, novelist", ""),
            ("", ""),
        ] {
            assert_eq!(firms(role).join("; "), expected, "{role}");
        }
    }
}
