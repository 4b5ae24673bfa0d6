namespace Containerd.Snapshots.Tests.Filters;

public class ValueTests
{
    [TestCase("name==a", "a")]
    [TestCase("name ==\t a", "a")]
    [TestCase("  name==a", "a")]
    [TestCase("name==a.b/c:d@e", "a.b/c:d@e")]
    [TestCase("name==a\"b\"=c", "a\"b\"=c")]
    [TestCase("name=='a'", "'a'")]
    [TestCase("name==ünï😀", "ünï😀")]
    [TestCase("name==\u0001a", "\u0001a")]
    public void A_bare_value_ends_at_a_comma_or_space(string filter, string name) => AssertMatches(filter, name);

    [TestCase("""name=="two words, a comma" """, "two words, a comma")]
    [TestCase("""name=="" """, "")]
    [TestCase("""name=="\a\b\f\n\r\t\v\\\"" """, "\a\b\f\n\r\t\v\\\"")]
    [TestCase("""name=="\101\x41\u0041\U00000041" """, "AAAA")]
    [TestCase("""name=="\012\x4a\x4B\x6f" """, "\nJKo")]
    [TestCase("""name=="\U0010ffff" """, "\U0010FFFF")]
    [TestCase("""name=="\xc3\xbc\303\274ü" """, "üüü")]
    [TestCase("""name=="\U0001f600" """, "😀")]
    [TestCase("""name=="\ud800" """, "\ufffd")]
    [TestCase("""name=="\U80000041" """, "A")]
    public void A_quoted_value_is_a_Go_string(string filter, string name) => AssertMatches(filter.TrimEnd(), name);

    [Test]
    public void A_value_that_is_not_UTF8_equals_nothing() =>
        Assert.That(SnapshotFilter.Parse(@"name==""\xff""").Matches(Snapshot.Named("\ufffd")), Is.False);

    [Test]
    public void A_value_that_is_not_UTF8_differs_from_everything() =>
        Assert.That(SnapshotFilter.Parse(@"name!=""\xff""").Matches(Snapshot.Named("\ufffd")), Is.True);

    [Test]
    public void A_label_key_that_is_not_UTF8_is_absent() =>
        Assert.That(SnapshotFilter.Parse(@"labels.""\xff""").Matches(Snapshot.Labeled("\ufffd", "x")), Is.False);

    [TestCase("name~=/a b/")]
    [TestCase("name~=|a b|")]
    [TestCase("name~=\"a b\"")]
    [TestCase(@"name~=/a\x20b/")]
    public void A_regular_expression_has_three_kinds_of_quotes(string filter) => AssertMatches(filter, "a b");

    [TestCase("name~=/a.b/,name==a/b")]
    [TestCase(@"name~=/a\/b/,name==a/b")]
    public void A_comma_after_quotes_begins_another_selector(string filter) => AssertMatches(filter, "a/b");

    private static void AssertMatches(string filter, string name) =>
        Assert.That(SnapshotFilter.Parse(filter).Matches(Snapshot.Named(name)), Is.True);
}
