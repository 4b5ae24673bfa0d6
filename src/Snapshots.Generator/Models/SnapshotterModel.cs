namespace Containerd.Snapshots.Generator.Models;

/// <summary>Everything that the emitted code of one class depends on. Names are as code writes them.</summary>
/// <param name="HintName">The emitted file's name.</param>
/// <param name="Namespace">The namespace; empty for the global one.</param>
/// <param name="Containers">The types around the class, the outermost first.</param>
/// <param name="Type">The class.</param>
/// <param name="Self">The class, as its own code names it.</param>
/// <param name="ServiceName">The name of the class that answers the calls.</param>
/// <param name="UsesObsolete">Whether the calls use something obsolete.</param>
/// <param name="Disabled">The warnings that emitted code would get for the calls that it uses.</param>
/// <param name="Calls">The calls that the class or its fallback has.</param>
/// <param name="Fallback">The fallback that is a snapshotter itself, or null.</param>
internal sealed record SnapshotterModel(
    string HintName,
    string Namespace,
    EquatableArray<TypeModel> Containers,
    TypeModel Type,
    string Self,
    string ServiceName,
    bool UsesObsolete,
    EquatableArray<string> Disabled,
    EquatableArray<CallModel> Calls,
    FallbackModel? Fallback);

/// <summary>A type to open again: its keyword, and its name with its type parameters.</summary>
internal sealed record TypeModel(string Keyword, string Name);

/// <summary>A fallback that is a snapshotter itself.</summary>
/// <param name="Member">The member's name.</param>
/// <param name="Type">The member's type.</param>
/// <param name="Calls">The names of the calls that go to it.</param>
internal sealed record FallbackModel(string Member, string Type, EquatableArray<string> Calls);

/// <summary>A call to override.</summary>
/// <param name="Call">The call's name.</param>
/// <param name="Part">The name of the member that answers it, or null for the class itself.</param>
/// <param name="Receiver">The type to look for the method in, or null for that of the receiver.</param>
/// <param name="Method">The name of the method that answers it.</param>
/// <param name="Arguments">The arguments, as properties of the call.</param>
/// <param name="Reply">The call's method that takes the answer, or null for a method that returns nothing.</param>
internal sealed record CallModel(string Call, string? Part, string? Receiver, string Method, EquatableArray<string> Arguments, string? Reply);
