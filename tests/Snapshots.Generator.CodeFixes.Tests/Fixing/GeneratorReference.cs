using System.Reflection;
using Containerd.Snapshots.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

/// <summary>The generator, as a project references it: renaming needs a reference to a file.</summary>
internal static class GeneratorReference
{
    private static readonly Assembly Assembly = typeof(SnapshotterGenerator).Assembly;

    public static AnalyzerReference Instance { get; } = new AnalyzerFileReference(Assembly.Location, new Loader());

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly;
    }
}
