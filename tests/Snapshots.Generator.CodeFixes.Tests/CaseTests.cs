using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;
using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>
/// Fixes in plain files. A case has a <c>source</c>, perhaps an <c>other</c> file, and then for a fix by its title
/// (<c>fix ...</c>, or <c>fix all ...</c> in the file) the approved text, and <c>other fixed</c> if the other file changes;
/// <c>not ...</c> for a fix that is not offered; <c>none</c> if no fix is. <c>[||]</c> is where a refactoring is asked for.
/// <c>settings</c> are <c>crlf</c> and <c>no global usings</c>.
/// </summary>
internal sealed class CaseTests
{
    private static IEnumerable<TestCaseData> Cases => CaseFile.In("Cases");

    [TestCaseSource(nameof(Cases))]
    public async Task A_fix_leaves_code_that_compiles_without_the_diagnostic(Case each)
    {
        var project = CaseProject.Open(each);
        foreach (var part in each.Parts.Where(part => part is not ("source" or "other" or "other fixed" or "settings")))
        {
            if (part == "none")
                await project.AssertOffersNoneAsync();
            else if (part.StartsWith("not ", StringComparison.Ordinal))
                await project.AssertOffersNotAsync(part["not ".Length..]);
            else if (part.StartsWith("fix all ", StringComparison.Ordinal))
                await project.AssertFixesAllAsync(part["fix all ".Length..], each[part], each.Find("other fixed"));
            else if (part.StartsWith("fix ", StringComparison.Ordinal))
                await project.AssertFixesAsync(part["fix ".Length..], each[part], each.Find("other fixed"));
            else
                Assert.Fail($"unknown part: {part}");
        }
    }
}
