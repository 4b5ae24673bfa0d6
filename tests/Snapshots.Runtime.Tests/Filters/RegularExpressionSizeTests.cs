namespace Containerd.Snapshots.Tests.Filters;

/// <summary>How large the regular expressions of a list may be.</summary>
public class RegularExpressionSizeTests
{
    private const string TooLarge = "the regular expressions of all filters together are too large";

    [Test]
    public void An_expression_that_uses_all_there_is_is_searched_for()
    {
        var text = new string('a', 3950);

        Assert.That(SnapshotFilter.Parse($"name~=/{text}/").Matches(Snapshot.Named(text)), Is.True);
    }

    [Test]
    public void A_longer_one_is_refused() => AssertRefused(new('a', 3951));

    [Test]
    public void An_expression_without_assertions_may_be_twice_as_large_as_one_with_them()
    {
        Assert.That(SnapshotFilter.Parse("name~=/(aa){1000}/").Matches(Snapshot.Named(new('a', 2000))), Is.True);
        AssertRefused("^(aa){1000}");
    }

    [TestCase("(aaaaa){900}")]
    [TestCase("a{900}b{900}c{900}d{900}e{900}")]
    [TestCase("a{900}|b{900}|c{900}|d{900}|e{900}")]
    public void Counts_are_written_out(string pattern) => AssertRefused(pattern);

    private static void AssertRefused(string pattern)
    {
        var isRead = SnapshotFilter.TryParse([$"name~=  /{pattern}/"], out _, out var error);

        Assert.That(isRead, Is.False);
        Assert.That(error, Does.EndWith($", column 9: {TooLarge}"));
    }
}
