using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Labels that are longer than containerd accepts.</summary>
internal sealed class LongLabelTests
{
    private const int Maximum = 4096;

    [TestCase("""Dictionary<string, string> Labels = new() { ["key"] = [|LONG|] };""")]
    [TestCase("""Dictionary<string, string> Labels = new() { { "key", [|LONG|] } };""")]
    [TestCase("""IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string> { ["a"] = "b", ["key"] = [|LONG|] };""")]
    [TestCase("""void Helper(Dictionary<string, string> labels) => labels["key"] = [|LONG|];""")]
    [TestCase("""void Helper(IDictionary<string, string> labels) => labels["key"] = [|LONG|];""")]
    [TestCase("""void Helper(SortedDictionary<string, string> labels) => labels["key"] = [|LONG|];""")]
    [TestCase("""void Helper(Dictionary<string, string> labels) { const string Value = LONG; labels["key"] = [|Value|]; }""")]
    [TestCase("""Action<Dictionary<string, string>> Set = labels => labels["key"] = [|LONG|];""")]
    public void Too_long(string member) => Flaws.AssertAre(Class(member, Maximum - "key".Length + 1), "SNAP0053");

    [TestCase("""Dictionary<string, string> Labels = new() { ["key"] = LONG };""")]
    [TestCase("""Dictionary<string, string> Labels = new() { { "key", LONG } };""")]
    public void At_the_limit(string member) => Flaws.AssertNone(Class(member, Maximum - "key".Length));

    [Test]
    public void Bytes_count_not_characters()
    {
        const string Member = """Dictionary<string, string> Labels = new() { ["clé"] = [|LONG|] };""";

        Flaws.AssertAre(Class(Member, Maximum - "clé".Length), "SNAP0053");
    }

    [TestCase("""Dictionary<string, object> Values = new() { ["key"] = LONG };""")]
    [TestCase("""Dictionary<int, string> Values = new() { [1] = LONG };""")]
    [TestCase("""void Helper(Dictionary<string, string> labels, string value) => labels["key"] = value;""")]
    [TestCase("""void Helper(string[] values) => values[0] = LONG;""")]
    [TestCase("""class Nested { public Dictionary<string, string> Labels = new() { ["key"] = LONG }; }""")]
    public void Not_a_constant_label_of_the_class(string member) => Flaws.AssertNone(Class(member, Maximum + 1));

    [Test]
    public void Another_class_is_not_analyzed() =>
        Flaws.AssertAreWithoutHost(Class("""Dictionary<string, string> Labels = new() { ["key"] = LONG };""", Maximum).Replace("[Snapshotter]", ""));

    [Test]
    public void The_message_names_the_label_and_its_size()
    {
        var source = Class("""Dictionary<string, string> Labels = new() { ["key"] = LONG };""", Maximum);

        var message = new Project(source).Generate().OfAnalyzers.Single().GetMessage(null);

        Assert.That(message, Does.StartWith("The label 'key' has 4099 bytes"));
    }

    private static string Class(string member, int length) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            public {{member.Replace("LONG", $"\"{new string('x', length)}\"")}}

            public void Remove(string key) { }
        }
        """;
}
