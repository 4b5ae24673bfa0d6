namespace Containerd.Snapshots.Tests.Filters;

public class SelectorTests
{
    private static readonly SnapshotInfo Info = new()
    {
        Name = "sha256:1234",
        Parent = "below",
        Kind = SnapshotKind.Committed,
        Labels = new Dictionary<string, string>
        {
            ["foo"] = "bar",
            ["empty"] = "",
            ["a.b"] = "dots",
            ["a.b/c d"] = "quoted",
            [""] = "no key",
        },
    };

    [TestCase("name==sha256:1234", true)]
    [TestCase("name==sha256:123", false)]
    [TestCase("name==SHA256:1234", false)]
    [TestCase("parent!=other", true)]
    [TestCase("parent!=below", false)]
    [TestCase("name~=6:1", true)]
    [TestCase("name~=^6:1", false)]
    public void An_operator_compares_the_field_with_the_value(string filter, bool matches) => AssertMatches(filter, matches);

    [TestCase("labels.foo", true)]
    [TestCase("labels.empty", true)]
    [TestCase("labels.absent", false)]
    [TestCase("unknown", false)]
    [TestCase("foo", false)]
    public void A_field_alone_matches_if_it_exists(string filter, bool matches) => AssertMatches(filter, matches);

    [Test]
    public void An_empty_name_and_an_empty_parent_exist() =>
        Assert.That(SnapshotFilter.Parse("name,parent").Matches(Snapshot.Named("")), Is.True);

    [TestCase("labels.absent!=x")]
    [TestCase("unknown!=x")]
    public void An_absent_field_differs_from_a_value(string filter) => AssertMatches(filter, true);

    [TestCase("labels.absent!=\"\"")]
    [TestCase("labels.absent==\"\"")]
    public void An_absent_field_neither_differs_from_the_empty_value_nor_equals_it(string filter) =>
        AssertMatches(filter, false);

    [TestCase("labels.absent~=/^$/", true)]
    [TestCase("labels.absent~=/x/", false)]
    public void An_absent_field_counts_as_empty_for_a_search(string filter, bool matches) => AssertMatches(filter, matches);

    [TestCase("labels.a.b==dots")]
    [TestCase("labels.\"a.b\"==dots")]
    [TestCase("labels.\"a\".\"b\"==dots")]
    [TestCase("\"labels\". a. b==dots")]
    [TestCase("labels.\"a.b/c d\"==quoted")]
    [TestCase("labels.a.\"b/c d\"==quoted")]
    public void The_parts_of_a_label_key_are_joined_by_dots(string filter) => AssertMatches(filter, true);

    [TestCase("labels==\"no key\"")]
    [TestCase("labels.\"\"==\"no key\"")]
    public void Labels_alone_is_the_label_with_the_empty_key(string filter) => AssertMatches(filter, true);

    [TestCase("name.foo==sha256:1234", true)]
    [TestCase("kind.a.b==committed", true)]
    [TestCase("\"labels.foo\"==bar", false)]
    public void Parts_after_name_parent_or_kind_are_ignored(string filter, bool matches) => AssertMatches(filter, matches);

    [TestCase(SnapshotKind.Active, "active")]
    [TestCase(SnapshotKind.View, "view")]
    [TestCase(SnapshotKind.Committed, "committed")]
    public void A_kind_matches_its_lower_case_name(SnapshotKind kind, string name)
    {
        var matching = Enum.GetValues<SnapshotKind>()
            .Where(any => SnapshotFilter.Parse($"kind=={name}").Matches(Snapshot.OfKind(any)));

        Assert.That(matching, Is.EqualTo([kind]));
    }

    [Test]
    public void An_unknown_kind_is_absent() =>
        Assert.That(SnapshotFilter.Parse("kind").Matches(Snapshot.OfKind(SnapshotKind.Unknown)), Is.False);

    [TestCase("name==sha256:1234,labels.foo==bar", true)]
    [TestCase("name==sha256:1234, labels.foo==baz", false)]
    public void All_selectors_of_a_filter_have_to_match(string filter, bool matches) => AssertMatches(filter, matches);

    private static void AssertMatches(string filter, bool matches) =>
        Assert.That(SnapshotFilter.Parse(filter).Matches(Info), Is.EqualTo(matches));
}
