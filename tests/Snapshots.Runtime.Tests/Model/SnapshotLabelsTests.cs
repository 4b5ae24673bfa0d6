namespace Containerd.Snapshots.Tests.Model;

internal sealed class SnapshotLabelsTests
{
    private static readonly Dictionary<string, string> Current = new() { ["a"] = "1", ["a.b"] = "2", ["keep"] = "3" };

    [TestCase]
    [TestCase("labels")]
    public void Without_a_key_all_labels_are_replaced(params string[] fieldPaths) => Assert.That(
        Update(new() { ["new"] = "x", ["empty"] = "" }, fieldPaths), Is.EquivalentTo(new Dictionary<string, string> { ["new"] = "x" }));

    [Test]
    public void A_key_sets_that_label_alone() => Assert.That(
        Update(new() { ["a"] = "x", ["keep"] = "not named" }, "labels.a"),
        Is.EquivalentTo(new Dictionary<string, string> { ["a"] = "x", ["a.b"] = "2", ["keep"] = "3" }));

    [Test]
    public void A_key_may_contain_dots() => Assert.That(
        Update(new() { ["a.b"] = "x" }, "labels.a.b")["a.b"], Is.EqualTo("x"));

    [Test]
    public void A_key_that_the_update_lacks_or_has_empty_is_removed() => Assert.Multiple(() =>
    {
        Assert.That(Update([], "labels.a"), Does.Not.ContainKey("a"));
        Assert.That(Update(new() { ["a"] = "" }, "labels.a"), Does.Not.ContainKey("a"));
    });

    [Test]
    public void Paths_apply_in_order() => Assert.That(
        Update(new() { ["a"] = "x" }, "labels.keep", "labels"), Is.EquivalentTo(new Dictionary<string, string> { ["a"] = "x" }));

    [TestCase("parent")]
    [TestCase("Labels")]
    [TestCase("")]
    public void Another_path_is_an_invalid_argument_that_names_it(string path)
    {
        var exception = Assert.Throws<SnapshotterException>(() => Update([], path));

        Assert.Multiple(() =>
        {
            Assert.That(exception.Error, Is.EqualTo(SnapshotterError.InvalidArgument));
            Assert.That(exception.Message, Does.Contain($"\"{path}\""));
        });
    }

    [Test]
    public void Labels_with_an_empty_value_are_not_stored() => Assert.That(
        SnapshotLabels.ToStore(new Dictionary<string, string> { ["a"] = "", ["b"] = "1" }),
        Is.EquivalentTo(new Dictionary<string, string> { ["b"] = "1" }));

    private static IReadOnlyDictionary<string, string> Update(Dictionary<string, string> labels, params string[] fieldPaths) =>
        SnapshotLabels.Update(Current, new() { Name = "n", Kind = SnapshotKind.Active, Labels = labels }, fieldPaths);
}
