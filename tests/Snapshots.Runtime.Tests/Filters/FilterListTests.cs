namespace Containerd.Snapshots.Tests.Filters;

public class FilterListTests
{
    [Test]
    public void An_empty_list_matches_everything()
    {
        var filter = SnapshotFilter.Parse();

        Assert.That(filter, Is.SameAs(SnapshotFilter.All));
        Assert.That(filter.MatchesAll, Is.True);
        Assert.That(filter.Matches(Snapshot.Named("a")), Is.True);
    }

    [TestCase("")]
    [TestCase("name==b", "")]
    public void A_list_with_an_empty_filter_matches_everything(params string[] filters)
    {
        var filter = SnapshotFilter.Parse(filters);

        Assert.That(filter.MatchesAll, Is.True);
        Assert.That(filter.Matches(Snapshot.Named("a")), Is.True);
    }

    [TestCase("a", true)]
    [TestCase("b", true)]
    [TestCase("c", false)]
    public void One_filter_of_a_list_has_to_match(string name, bool matches)
    {
        var filter = SnapshotFilter.Parse("name==a", "name==b");

        Assert.That(filter.MatchesAll, Is.False);
        Assert.That(filter.Matches(Snapshot.Named(name)), Is.EqualTo(matches));
    }

    [Test]
    public void The_filters_are_kept_as_given()
    {
        string[] filters = [" name==a", "", "kind"];

        Assert.That(SnapshotFilter.Parse(filters).Filters, Is.EqualTo(filters));
    }

    [Test]
    public void A_malformed_filter_is_refused_even_behind_an_empty_one() =>
        Assert.That(SnapshotFilter.TryParse(["", "name="], out _, out _), Is.False);

    [Test]
    public void A_null_filter_is_an_argument_exception() =>
        Assert.That(() => SnapshotFilter.Parse("name", null!), Throws.ArgumentException.With.Message.StartsWith("The filter at index 1 is null."));

    [Test]
    public void A_null_list_is_an_argument_exception() =>
        Assert.That(() => SnapshotFilter.Parse((IEnumerable<string>)null!), Throws.ArgumentNullException);
}
