namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>A regular expression for .NET.</summary>
/// <param name="Pattern">The expression.</param>
/// <param name="Size">
/// How large an automaton it makes: its classes and assertions with all counts written out; twice that if it has assertions.
/// </param>
internal readonly record struct Re2Translation(string Pattern, int Size);
