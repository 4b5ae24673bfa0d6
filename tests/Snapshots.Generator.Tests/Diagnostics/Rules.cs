using System.Reflection;
using Containerd.Snapshots.Generator;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>The rules of the generator's assembly.</summary>
internal static class Rules
{
    /// <summary>All rules, as declared.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> All { get; } =
    [
        .. typeof(SnapshotterGenerator).Assembly
            .GetType("Containerd.Snapshots.Generator.Rules.Rule", throwOnError: true)!
            .GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(field => (DiagnosticDescriptor)field.GetValue(null)!),
    ];
}
