namespace Containerd.Snapshots.Tests.Filters;

/// <summary>What each filter of a list demands with ==.</summary>
public class AlternativeTests
{
    [Test]
    public void Each_filter_has_its_own_demands()
    {
        var alternatives = SnapshotFilter.Parse("labels.\"a/b\"==1,parent==\"\"", "name==x,kind==view,labels.c.d==2", "").Alternatives;

        Assert.That(
            alternatives.Select(each => (each.Name, each.Parent, each.Kind, string.Join(' ', each.Labels.Select(label => $"{label.Key}={label.Value}")))),
            Is.EqualTo(new (string?, string?, SnapshotKind?, string)[] { (null, "", null, "a/b=1"), ("x", null, SnapshotKind.View, "c.d=2"), (null, null, null, "") }));
    }

    [TestCase("name")]
    [TestCase("name!=x")]
    [TestCase("name~=x")]
    [TestCase("labels.a!=x")]
    [TestCase("labels==x", Description = "The label with the empty key.")]
    [TestCase("kind==other")]
    [TestCase("unknown==x")]
    public void Nothing_else_is_a_demand(string filter)
    {
        var alternative = SnapshotFilter.Parse(filter).Alternatives[0];

        Assert.Multiple(() =>
        {
            Assert.That((alternative.Name, alternative.Parent, alternative.Kind), Is.EqualTo(((string?)null, (string?)null, (SnapshotKind?)null)));
            Assert.That(alternative.Labels.Keys, Is.SubsetOf(new[] { "" }));
        });
    }

    [Test]
    public void Of_two_values_for_one_field_the_first_counts()
    {
        var alternative = SnapshotFilter.Parse("name==a,name==b,labels.x==1,labels.x==2").Alternatives[0];

        Assert.That((alternative.Name, alternative.Labels["x"]), Is.EqualTo(("a", "1")));
    }

    [Test]
    public void Everything_has_no_alternatives() => Assert.That(SnapshotFilter.All.Alternatives, Is.Empty);

    [TestCaseSource(typeof(ContainerdAnswers), nameof(ContainerdAnswers.Cases))]
    public void What_matches_has_the_values_of_an_alternative(string[] filters, bool isMalformed, int[] matches)
    {
        if (isMalformed || filters.Length == 0)
            return;

        var alternatives = SnapshotFilter.Parse(filters).Alternatives;

        Assert.That(matches.Select(index => ContainerdAnswers.Infos[index]), Is.All.Matches<SnapshotInfo>(info => alternatives.Any(each => HasValues(info!, each))));
    }

    private static bool HasValues(SnapshotInfo info, SnapshotFilterAlternative demanded) =>
        (demanded.Name ?? info.Name) == info.Name
        && (demanded.Parent ?? info.Parent) == info.Parent
        && (demanded.Kind ?? info.Kind) == info.Kind
        && demanded.Labels.All(label => info.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
