using System.Text.RegularExpressions;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>containerd's own tests of snapshotters, against the overlay snapshotter for production.</summary>
[Category("Containerd")]
internal sealed partial class SuiteTests
{
    private static readonly string[] Passing =
    [
        "128LayersMount", "Basic", "Chown", "CloseTwice", "DeletedFilesInChildSnapshot", "DirectoryPermissionOnCommit",
        "LayerFileupdate", "MoveFileFromLowerLayer", "PreareViewFailingtest", "Remove", "RemoveDirectoryInLowerLayer",
        "RemoveIntermediateSnapshot", "RootPermission", "StatActive", "StatComitted", "StatInWalk", "TransitivityTest", "Update",
        "ViewReadonly", "Walk",
    ];

    private DirectoryInfo _folder = null!;
    private CommandResult _result = null!;
    private Dictionary<string, string> _outcomes = null!;

    [OneTimeSetUp]
    public async Task RunSuite()
    {
        _folder = Directory.CreateTempSubdirectory("suite-");
        var suite = await GoProgram.BuildTestsAsync("tests/System/Containerd/Suite/suite_test.go", _folder.FullName);

        // In a mount namespace, which ends with everything that a failing test leaves mounted.
        _result = await Command.RunAsync(
            ["unshare", "--mount", suite, "-test.v", "-test.timeout=4m"],
            new Dictionary<string, string> { ["SNAPSHOTTER"] = await PublishedSample.Overlay.PathAsync(), ["TMPDIR"] = _folder.FullName },
            TimeSpan.FromMinutes(5));
        _outcomes = Outcome().Matches(_result.Output).ToDictionary(match => match.Groups[2].Value, match => match.Groups[1].Value);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => _folder?.Delete(recursive: true);

    [TestCaseSource(nameof(Passing))]
    public void Passes(string test) => Assert.That(_outcomes.GetValueOrDefault(test), Is.EqualTo("PASS"), _result.ToString());

    [Test]
    public void Only_Rename_is_skipped_as_for_every_overlay_snapshotter() =>
        Assert.That(_outcomes.Where(outcome => outcome.Value == "SKIP").Select(outcome => outcome.Key), Is.EqualTo(new[] { "Rename" }));

    [Test]
    public void There_are_no_other_tests() =>
        Assert.That(_outcomes.Keys, Is.EquivalentTo(Passing.Append("Rename")), _result.ToString());

    [GeneratedRegex(@"--- (PASS|FAIL|SKIP): TestSuite/(\S+)")]
    private static partial Regex Outcome();
}
