using System.Text.RegularExpressions;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Host;

/// <summary>Operators find every option in docs/production.md.</summary>
internal sealed partial class DocumentationTests
{
    [Test]
    public async Task Each_option_is_documented()
    {
        var help = (await Command.RunAsync([await PublishedSample.Overlay.PathAsync(), "--help"])).AssertSucceeded().Output;
        var text = await File.ReadAllTextAsync(Repository.PathOf("docs/production.md"));

        var options = Option().Matches(help).Select(static match => match.Value.Trim()).Except(["--help", "--version"]);

        Assert.That(options.Where(option => !text.Contains($"`{option}", StringComparison.Ordinal)), Is.Empty);
    }

    [GeneratedRegex("^ +--[a-z-]+", RegexOptions.Multiline)]
    private static partial Regex Option();
}
