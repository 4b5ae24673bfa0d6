namespace Containerd.Snapshots.Tests.Model;

/// <summary>
/// One call with its arguments, printed as a line of a history. Running it gives an <see cref="Answer"/>, which can be
/// compared between targets.
/// </summary>
public abstract record Operation
{
    public sealed record Prepare(string Key, string Parent, Labels Labels) : Operation;

    public sealed record View(string Key, string Parent, Labels Labels) : Operation;

    public sealed record Commit(string Name, string Key, string Parent, Labels Labels) : Operation;

    public sealed record Remove(string Key) : Operation;

    public sealed record Update(string Key, Labels Labels, Paths Paths) : Operation;

    public sealed record Stat(string Key) : Operation;

    public sealed record Mounts(string Key) : Operation;

    public sealed record List(string Filter) : Operation;

    public sealed record Usage(string Key) : Operation;

    public sealed record Cleanup : Operation;
}

/// <summary>Labels, printable in a history.</summary>
public sealed record Labels(params IReadOnlyList<(string Key, string Value)> All)
{
    public Dictionary<string, string> ToDictionary() => All.ToDictionary(label => label.Key, label => label.Value);

    public override string ToString() => $"{{{string.Join(", ", All.Select(label => $"{label.Key}={label.Value}"))}}}";
}

/// <summary>Field paths, printable in a history.</summary>
public sealed record Paths(params IReadOnlyList<string> All)
{
    public override string ToString() => $"[{string.Join(", ", All)}]";
}

/// <summary>Something that runs calls: the model, or a snapshotter under test.</summary>
public interface ITarget
{
    Task<string> RunAsync(Operation operation);
}
