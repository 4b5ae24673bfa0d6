namespace Containerd.Snapshots.Tests.Filters;

/// <summary>Regular expressions follow RE2, as in Go's regexp, and not .NET.</summary>
public class RegularExpressionTests
{
    [TestCase("b", "abc")]
    [TestCase("^a.c$", "abc")]
    [TestCase("(a|b){2,3}c", "xabc")]
    [TestCase("(?P<first>a)(?<second>b)", "ab")]
    [TestCase("(?i:A)b", "ab")]
    [TestCase("(?i)a(?-i)B", "AB")]
    [TestCase("(?U)a*b", "aab")]
    [TestCase("(?m)^b$", "a\nb\nc")]
    [TestCase("(?s)a.b", "a\nb")]
    [TestCase(@"\Aa\z", "a")]
    [TestCase(@"\Qa.b*\Ec", "a.b*c")]
    [TestCase(@"\x41\x{42}\103", "ABC")]
    [TestCase("[[:alpha:]][[:^alpha:]]", "a1")]
    [TestCase(@"[\d-z]", "-")]
    [TestCase("[]a]", "]")]
    [TestCase("[a-z-[q]+]", "q]")]
    [TestCase(@"\pL\p{Lu}\p{^L}\PL", "aB12")]
    [TestCase("a{,2}", "a{,2}")]
    [TestCase("a{01}", "a{01}")]
    [TestCase("{", "{")]
    [TestCase("a]}", "a]}")]
    [TestCase("^.$", "😀")]
    [TestCase("^[^a]$", "😀")]
    [TestCase("^[😀-😃]+$", "😁😂")]
    [TestCase("^😀*$", "😀😀")]
    [TestCase("(|a)*", "")]
    public void A_regular_expression_matches(string pattern, string text) => Assert.That(IsFound(pattern, text), Is.True);

    [TestCase("^a$", "a\n")]
    [TestCase(@"\d", "\u0660")]
    [TestCase(@"\w", "ü")]
    [TestCase(@"\s", "\u00a0")]
    [TestCase(@"\s", "\v")]
    [TestCase("a.b", "a\nb")]
    [TestCase(@"(?i)\W", "Kk\u212a")]
    [TestCase("(?i)[[:^lower:]]", "aB")]
    [TestCase("[😀]", "😁")]
    [TestCase("^..$", "😀")]
    [TestCase("[[:digit:]]", "digit:[]")]
    [TestCase(@"\P{Any}", "a")]
    public void A_regular_expression_does_not_match(string pattern, string text) => Assert.That(IsFound(pattern, text), Is.False);

    [TestCase("(")]
    [TestCase(")")]
    [TestCase("[a")]
    [TestCase("[b-a]")]
    [TestCase(@"[a-\d]")]
    [TestCase("[[:foo:]]")]
    [TestCase("*a")]
    [TestCase("a**")]
    [TestCase("a|*")]
    [TestCase("a{1001}|")]
    [TestCase("a{2,1}|")]
    [TestCase("(a{100}){11}|")]
    [TestCase(@"a\")]
    [TestCase(@"(a)\1")]
    [TestCase("a(?=b)")]
    [TestCase("(?<!a)b")]
    [TestCase("(?>a)")]
    [TestCase("(?#a)b")]
    [TestCase("(?x)a")]
    [TestCase("(?i-)a")]
    [TestCase("(?P<a>a)(?P<a>b)")]
    [TestCase("(?P<a-b>a)")]
    [TestCase(@"a\Z")]
    [TestCase(@"\Ga")]
    [TestCase(@"\u0061")]
    [TestCase(@"\e|a")]
    [TestCase(@"\cA|a")]
    [TestCase(@"\p{IsBasicLatin}")]
    [TestCase(@"\x{110000}|a")]
    public void A_bad_regular_expression_never_matches(string pattern) => Assert.That(IsFound(pattern, "ab"), Is.False);

    [Test]
    public void A_regular_expression_that_is_not_UTF8_never_matches() =>
        Assert.That(SnapshotFilter.Parse(@"name~=""a|\xff""").Matches(Snapshot.Named("a")), Is.False);

    [Test]
    public void Deep_nesting_never_matches()
    {
        var pattern = $"{new string('(', 1500)}a{new string(')', 1500)}";

        Assert.That(IsFound(pattern, "a"), Is.False);
    }

    private static bool IsFound(string pattern, string text) =>
        SnapshotFilter.Parse(InFilter(pattern)).Matches(Snapshot.Named(text));

    private static string InFilter(string pattern) =>
        $"name~=\"{pattern.Replace(@"\", @"\\", StringComparison.Ordinal)}\"";
}
