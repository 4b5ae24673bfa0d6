namespace Containerd.Snapshots.Tests.Filters;

/// <summary>The characters that a class of a regular expression has and has not, at its edges.</summary>
public class CharacterClassTests
{
    [TestCase("alnum", "09AZaz", "/:@[`{")]
    [TestCase("alpha", "AZaz", "0@[`{")]
    [TestCase("ascii", "\0\u007f", "\u0080")]
    [TestCase("blank", "\t ", "\b\n\u001f!")]
    [TestCase("cntrl", "\0\u001f\u007f", " ~\u0080")]
    [TestCase("digit", "09", "/:")]
    [TestCase("graph", "!~", " \u007f")]
    [TestCase("lower", "az", "AZ`{")]
    [TestCase("print", " ~", "\u001f\u007f")]
    [TestCase("punct", "!/:@[`{~", " 09AZaz\u007f")]
    [TestCase("space", "\t\n\v\f\r ", "\b\u000e\u001f!")]
    [TestCase("upper", "AZ", "az@[")]
    [TestCase("word", "09AZ_az", "/:@[^`{")]
    [TestCase("xdigit", "09AFaf", "/:@G`g")]
    public void A_class_in_brackets_has_a_name(string name, string inside, string outside)
    {
        AssertHas($"[[:{name}:]]", inside, outside);
        AssertHas($"[[:^{name}:]]", outside, inside);
    }

    [TestCase('d', "09", "/:")]
    [TestCase('s', "\t\n\f\r ", "\b\v\u000e!")]
    [TestCase('w', "09AZ_az", "/:@[^`{")]
    public void A_class_has_a_letter_and_its_capital_is_all_else(char letter, string inside, string outside)
    {
        AssertHas($@"\{letter}", inside, outside);
        AssertHas($@"\{char.ToUpperInvariant(letter)}", outside, inside);
        AssertHas($@"[\{letter}]", inside, outside);
    }

    [TestCase("C", '\u0001')]
    [TestCase("Cc", '\u0001')]
    [TestCase("Cf", '\u200b')]
    [TestCase("Co", '\ue000')]
    [TestCase("L", 'a')]
    [TestCase("Ll", 'a')]
    [TestCase("Lm", '\u02b0')]
    [TestCase("Lo", '\u05d0')]
    [TestCase("Lt", '\u01c5')]
    [TestCase("Lu", 'A')]
    [TestCase("M", '\u0301')]
    [TestCase("Mc", '\u0903')]
    [TestCase("Me", '\u20dd')]
    [TestCase("Mn", '\u0301')]
    [TestCase("N", '1')]
    [TestCase("Nd", '1')]
    [TestCase("Nl", '\u2160')]
    [TestCase("No", '\u00b2')]
    [TestCase("P", '!')]
    [TestCase("Pc", '_')]
    [TestCase("Pd", '-')]
    [TestCase("Pe", ')')]
    [TestCase("Pf", '\u00bb')]
    [TestCase("Pi", '\u00ab')]
    [TestCase("Po", '!')]
    [TestCase("Ps", '(')]
    [TestCase("S", '+')]
    [TestCase("Sc", '$')]
    [TestCase("Sk", '^')]
    [TestCase("Sm", '+')]
    [TestCase("So", '\u00a6')]
    [TestCase("Z", ' ')]
    [TestCase("Zl", '\u2028')]
    [TestCase("Zp", '\u2029')]
    [TestCase("Zs", ' ')]
    public void A_class_is_a_category(string name, char inside)
    {
        var outside = name[0] == 'N' ? "b" : "2";

        AssertHas($@"\p{{{name}}}", $"{inside}", outside);
        AssertHas($@"\P{{{name}}}", outside, $"{inside}");
        AssertHas($@"\p{{^{name}}}", outside, $"{inside}");
        AssertHas($@"\P{{^{name}}}", $"{inside}", outside);
        AssertHas($@"[\p{{{name}}}]", $"{inside}", outside);
    }

    [Test]
    public void The_category_of_surrogates_is_known() => AssertHas(@"(\p{Cs}|a)", "a", "b");

    [TestCase(@"\\p{Cs}")]
    [TestCase(@"\\pC")]
    [TestCase(@"[a\\p{Cs}]")]
    [TestCase(@"[a\\p{C}]")]
    public void Half_of_a_pair_is_no_character_of_a_category(string pattern) =>
        Assert.That(SnapshotFilter.Parse($"name~=\"{pattern}\"").Matches(Snapshot.Named("\U0001f600")), Is.False);

    [Test]
    public void All_characters_are_outside_the_category_of_surrogates() => AssertHas(@"\P{Cs}", "a\uffff\U0001f600", "");

    [Test]
    public void The_category_Any_has_all_characters()
    {
        AssertHas(@"\p{Any}", "\0a\uffff", "");
        AssertHas(@"\P{Any}", "", "\0a\uffff");
        AssertHas(@"\p{^Any}", "", "\0a\uffff");
    }

    // The long s and the Kelvin sign are the characters outside ASCII that have a case in it.
    [TestCase("[[:^upper:]]", "!09@[`{\u00e9", "AZaz\u017f\u212a")]
    [TestCase("[[:^lower:]]", "!09@[`{\u00e9", "AZaz\u017f\u212a")]
    [TestCase("[[:^xdigit:]]", "/:@GgZz\u017f\u212a", "09AFaf")]
    [TestCase("[[:^punct:]]", "09AZaz\u017f\u212a", "!/:@[`{~")]
    [TestCase("[[:^ascii:]]", "\u0080\u00e9", "\0AZaz\u007f\u017f\u212a")]
    [TestCase(@"\D", "\u0010\u0019/:APYZapyz\u017f\u212a", "09")]
    [TestCase(@"\W", "/:@[^`{", "09AZ_az\u017f\u212a")]
    public void Ignoring_case_a_negated_class_lacks_both_cases(string pattern, string inside, string outside) =>
        AssertHas($"(?i){pattern}", inside, outside);

    [TestCase(0x1, 0xFFFF)]
    [TestCase(0xD7FF, 0xE000)]
    [TestCase(0xFB01, 0xFB01)]
    [TestCase(0xFFFE, 0x10001)]
    [TestCase(0x10000, 0x103FE)]
    [TestCase(0x10000, 0x103FF)]
    [TestCase(0x10000, 0x10400)]
    [TestCase(0x10000, 0x10C10)]
    [TestCase(0x10001, 0x103FF)]
    [TestCase(0x10005, 0x10006)]
    [TestCase(0x103FF, 0x10400)]
    [TestCase(0x10400, 0x107FF)]
    [TestCase(0x10400, 0x10FFFF)]
    [TestCase(0x10010, 0x10FFFE)]
    [TestCase(0x1F600, 0x1F603)]
    [TestCase(0x1, 0x10FFFE)]
    public void A_range_has_its_characters_and_no_others(int first, int last)
    {
        // The ends of the range, and of each block of characters that share a high half.
        int[] edges = [first, last, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x103FE, 0x103FF, 0x10400, 0x107FF, 0x10800, 0x10BFF, 0x10C00, 0x10FFFF];
        var near = edges.SelectMany(edge => new[] { edge - 1, edge, edge + 1 }).Distinct()
            .Where(character => character is (> 0 and < 0xD800) or (> 0xDFFF and <= 0x10FFFF)).ToLookup(character => character >= first && character <= last);

        AssertHas($@"[\x{{{first:x}}}-\x{{{last:x}}}]", Text(near[true]), Text(near[false]));
        AssertHas($@"[^\x{{{first:x}}}-\x{{{last:x}}}]", Text(near[false]), Text(near[true]));
    }

    private static string Text(IEnumerable<int> characters) => string.Concat(characters.Select(char.ConvertFromUtf32));

    private static void AssertHas(string pattern, string inside, string outside)
    {
        var filter = SnapshotFilter.Parse($"name~=\"^{pattern.Replace(@"\", @"\\", StringComparison.Ordinal)}$\"");

        Assert.Multiple(() =>
        {
            foreach (var rune in inside.EnumerateRunes())
                Assert.That(filter.Matches(Snapshot.Named($"{rune}")), Is.True, $"{pattern} has U+{rune.Value:X4}");

            foreach (var rune in outside.EnumerateRunes())
                Assert.That(filter.Matches(Snapshot.Named($"{rune}")), Is.False, $"{pattern} has no U+{rune.Value:X4}");
        });
    }
}
