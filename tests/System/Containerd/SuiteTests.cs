using System.Text.RegularExpressions;
using Containerd.Snapshots.Tests.Processes;
using NUnit.Framework.Internal;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>containerd's own tests of snapshotters, against each sample with a store.</summary>
[Category("Containerd")]
[TestFixtureSource(nameof(Samples))]
internal sealed partial class SuiteTests(PublishedSample sample)
{
    // Those whose mounts are like those of another one take part in the long form only.
    private static IEnumerable<TestFixtureData> Samples => PublishedSample.WithStore.Select(sample =>
    {
        var fixture = new TestFixtureData(sample);
        if (sample == PublishedSample.Reflink || sample == PublishedSample.SharedLayers)
            fixture.Properties.Add(PropertyNames.Category, "Long");

        return fixture;
    });

    private static readonly string[] Passing =
    [
        "128LayersMount", "Basic", "Chown", "CloseTwice", "DeletedFilesInChildSnapshot", "DirectoryPermissionOnCommit",
        "LayerFileupdate", "MoveFileFromLowerLayer", "PreareViewFailingtest", "Remove", "RemoveDirectoryInLowerLayer",
        "RemoveIntermediateSnapshot", "RootPermission", "StatActive", "StatComitted", "StatInWalk", "TransitivityTest", "Update",
        "ViewReadonly", "Walk",
    ];

    private static readonly Lazy<Task<string>> Suite = new(BuildAsync);

    private DirectoryInfo _folder = null!;
    private CommandResult _result = null!;
    private Dictionary<string, string> _outcomes = null!;

    [OneTimeSetUp]
    public async Task RunSuite()
    {
        _folder = Directory.CreateTempSubdirectory("suite-");
        Tools.Require("go", "mkfs.ext4");

        // In a mount namespace, which ends with everything that a failing test leaves mounted.
        _result = await Command.RunAsync(
            ["unshare", "--mount", await Suite.Value, "-test.v", "-test.timeout=9m"],
            new Dictionary<string, string>
            {
                ["SNAPSHOTTER"] = await sample.PathAsync(),
                ["ARGUMENTS"] = string.Join(' ', sample.ArgumentsFor(Path.Combine(_folder.FullName, "root"))),
                ["NAME"] = IsOverlay ? "overlayfs" : $"{sample}",
                ["TMPDIR"] = _folder.FullName,
            },
            TimeSpan.FromMinutes(10));
        _outcomes = Outcome().Matches(_result.Output).ToDictionary(match => match.Groups[2].Value, match => match.Groups[1].Value);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => _folder?.Delete(recursive: true);

    [TestCaseSource(nameof(Passing))]
    public void Passes(string test) => Assert.That(_outcomes.GetValueOrDefault(test), Is.EqualTo("PASS"), _result.ToString());

    // containerd 1.6 skips it for each snapshotter.
    [Test]
    public void Only_Rename_is_skipped() =>
        Assert.That(_outcomes.Where(outcome => outcome.Value == "SKIP").Select(outcome => outcome.Key), Is.EqualTo(new[] { "Rename" }));

    [Test]
    public void There_are_no_other_tests() =>
        Assert.That(_outcomes.Keys, Is.EquivalentTo(Passing.Append("Rename")), _result.ToString());

    private static Task<string> BuildAsync()
    {
        var folder = Directory.CreateTempSubdirectory("suite-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return GoProgram.BuildTestsAsync("tests/System/Containerd/Suite/suite_test.go", folder.FullName);
    }

    private bool IsOverlay => sample == PublishedSample.Overlay || sample == PublishedSample.SharedLayers || sample == PublishedSample.Lazy;

    [GeneratedRegex(@"--- (PASS|FAIL|SKIP): TestSuite/(\S+)")]
    private static partial Regex Outcome();
}
