using System.Text;

namespace Containerd.Snapshots.Tests.Filters;

/// <summary>Filters come from a peer: each must be read or refused in a short time.</summary>
[CancelAfter(60_000)]
public class HostileFilterTests
{
    private const int Large = 1 << 20;

    private static IEnumerable<TestCaseData> LargeFilters()
    {
        yield return Filter("fields", Repeat("a.", Large) + "a");
        yield return Filter("labels", "labels." + Repeat("\"\\n\".", Large) + "a");
        yield return Filter("operators", "name" + Repeat("=", Large));
        yield return Filter("value", "name==" + Repeat("a", Large));
        yield return Filter("emoji", "name==" + Repeat("😀", Large));
        yield return Filter("escapes", "name==\"" + Repeat(@"\x41", Large) + "\"");
        yield return Filter("backslashes", "name==\"" + Repeat(@"\", Large));
        yield return Filter("open quote", "name==\"" + Repeat("a", Large));
        yield return Filter("quotes", Repeat("\"", Large));
        yield return Filter("spaces", Repeat(" ", Large));
        yield return Filter("commas", Repeat(",", Large));
        yield return Filter("parentheses", "name~=" + Repeat("(", Large));
        yield return Filter("brackets", "name~=" + Repeat("[[:", Large));
        yield return Filter("expressions", Repeat("name~=a,", Large) + "name");
    }

    private static IEnumerable<TestCaseData> LargeExpressions()
    {
        yield return Filter("parentheses", Repeat("(?:", 3900));
        yield return Filter("brackets", Repeat("[[:", 3900));
        yield return Filter("options", Repeat("a?", 3900));
        yield return Filter("counts", "(((a{10}){10}){10}){10}");
        yield return Filter("zeros", "((((((a{1000}){0}){1000}){0}){1000}){0}){1000}");
        yield return Filter("dots", "b.{0,1000}c");
        yield return Filter("states", "(a|b)*a(a|b){12}c");
        yield return Filter("ways", "(a|aa)*b");
    }

    [TestCaseSource(nameof(LargeFilters))]
    public void A_large_filter_is_read_or_refused(string text)
    {
        var isRead = SnapshotFilter.TryParse([text], out var filter, out var error);

        Assert.That(isRead ? filter!.Filters[0] : error, Is.Not.Empty);
    }

    [TestCaseSource(nameof(LargeExpressions))]
    public void A_search_for_a_large_expression_ends(string pattern)
    {
        var filter = SnapshotFilter.Parse($"labels.a~=/{pattern}/");

        Assert.That(() => filter.Matches(Snapshot.Labeled("a", new('a', 4000))), Throws.Nothing);
    }

    [Test]
    public void A_hundred_thousand_selectors_are_all_evaluated()
    {
        var filter = SnapshotFilter.Parse(Repeat("name==a,", 800_000) + "name==b");

        Assert.That(filter.Matches(Snapshot.Named("a")), Is.False);
    }

    [Test]
    public void A_hundred_thousand_filters_are_all_evaluated()
    {
        var filter = SnapshotFilter.Parse(Enumerable.Repeat("name==b", 100_000).Append("name==a"));

        Assert.That(filter.Matches(Snapshot.Named("a")), Is.True);
    }

    [Test]
    public void Regular_expressions_that_are_too_large_together_are_refused()
    {
        var filters = Enumerable.Repeat($"name~=/a{{1000}}/", 4);

        var isRead = SnapshotFilter.TryParse(filters, out _, out var error);

        Assert.That(isRead, Is.False);
        Assert.That(error, Does.StartWith("filter 4 ").And.Contains("column 7: ").And.Contains("too large"));
    }

    [Test]
    public void Several_threads_can_match_at_once()
    {
        var filter = SnapshotFilter.Parse("name~=/^(a|b)*a(a|b){3}$/,labels!=x", "name==c");
        string[] names = ["abbb", "bbbb", "c", "abbab", "d", "baaaa"];
        bool[] expected = [true, false, true, false, false, true];

        var agrees = new bool[2000];
        Parallel.For(0, agrees.Length, index =>
            agrees[index] = filter.Matches(Snapshot.Named(names[index % names.Length])) == expected[index % names.Length]);

        Assert.That(agrees.Count(agree => !agree), Is.Zero);
    }

    [Test]
    public void A_match_allocates_nothing()
    {
        var info = Snapshot.Labeled("a", "b");
        var filter = SnapshotFilter.Parse("name==b", "kind==view", "labels.a!=b", "labels.a==b,parent==\"\"");
        filter.Matches(info);

        var before = GC.GetAllocatedBytesForCurrentThread();
        filter.Matches(info);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static TestCaseData Filter(string name, string filter) => new TestCaseData(filter).SetArgDisplayNames(name);

    private static string Repeat(string part, int length) =>
        new StringBuilder().Insert(0, part, length / part.Length).ToString();
}
