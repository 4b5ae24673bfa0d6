using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>Settings of a project, and formats of a file.</summary>
internal sealed class SettingTests
{
    /// <summary>A class in the oldest language, hosted from another.</summary>
    private const string Source = """
        using System;
        using System.Collections.Generic;
        using System.Threading.Tasks;
        using Containerd.Snapshots;

        namespace Samples
        {
            [Snapshotter]
            internal partial class Example
            {
                public async Task<SnapshotInfo> StatAsync(string key)
                {
                    await Task.Yield();
                    throw SnapshotterException.NotFound(key);
                }

                public IReadOnlyList<Mount> Mounts(string key)
                {
                    return new[] { Mount.Bind(key) };
                }

                public void Remove(string key)
                {
                }
            }

            internal static class Host
            {
                public static Task<int> RunAsync(string[] args)
                {
                    return SnapshotterHost.RunAsync(args, _ => new Example());
                }
            }
        }

        """;

    private static IEnumerable<LanguageVersion> Languages => Enum.GetValues<LanguageVersion>();

    private static IEnumerable<LanguageVersion> NewLanguages => Languages.Where(IsNew);

    private static IEnumerable<LanguageVersion> OldLanguages => Languages.Where(each => each >= LanguageVersion.CSharp7_3 && !IsNew(each));

    [TestCaseSource(nameof(NewLanguages))]
    public void A_language_from_C_sharp_11_on(LanguageVersion language) => Shape.AssertCompiles(new Project(Source) { Language = language, ImplicitUsings = false });

    [TestCaseSource(nameof(OldLanguages))]
    public void An_older_language_is_one_error(LanguageVersion language)
    {
        var run = new Project(Source) { Language = language, ImplicitUsings = false, Nullable = NullableContextOptions.Disable }.Generate();

        Assert.That(run.All.Select(each => each.Id), Is.EqualTo(["SNAP0006"]));
    }

    [Test]
    public void Any_nullable_context([Values] NullableContextOptions context) => Shape.AssertCompiles(new Project(Source) { Nullable = context });

    [Test]
    public void Several_nullable_contexts_in_a_class() => Shape.AssertCompiles(new Project("""
        #nullable disable
        [Snapshotter]
        internal partial class Example
        {
            public List<Mount> Mounts(string key) => null;
        #nullable enable annotations
            public SnapshotInfo? Stat(string? key) => null;
        #nullable enable
            public IEnumerable<SnapshotInfo?> Walk(IReadOnlyList<string?>? filters) => [];
        #nullable disable annotations
            public Task<SnapshotUsage> Usage(string key) => Task.FromResult<SnapshotUsage>(null!);
        #nullable restore
        }
        """));

    [Test]
    public void Arithmetic_that_is_checked() => Shape.AssertCompiles(new Project(Source) { CheckOverflow = true });

    [Test]
    public void An_assembly_that_complies_with_the_common_language_specification() => Shape.AssertCompiles(new Project($$"""
        [assembly: CLSCompliant(true)]

        /// <summary>It is seen from other languages.</summary>
        [Snapshotter]
        public partial class Example
        {
            /// <summary>Removes.</summary>
            public void Remove(string key) { }
        }
        """));

    [TestCase("\r\n")]
    [TestCase("\r")]
    [TestCase("\u0085")]
    [TestCase("\u2028")]
    public void Lines_that_end_as_on_another_machine(string newLine) => Shape.AssertCompiles(new Project(Source.ReplaceLineEndings(newLine)));

    [Test]
    public void A_byte_order_mark() => Shape.AssertCompiles(new Project("\uFEFF" + Source));

    private static bool IsNew(LanguageVersion language) => language.MapSpecifiedToEffectiveVersion() >= LanguageVersion.CSharp11;
}
