using Containerd.Snapshots.Generator.Shapes;

namespace Containerd.Snapshots.Tests.Generator.Calls;

/// <summary>
/// The source of snapshotters that each answer every call in one form. The namespace of a request decides what the call
/// does: see <see cref="Script"/>.
/// </summary>
internal static class Forms
{
    /// <summary>How a call is written that answers with nothing, and with a payload T.</summary>
    private static readonly (string Name, string Alone, string Payload, string Body)[] All =
    [
        ("Value", "void", "T", "=> Script.Run(context, VALUE);"),
        ("InTask", "async Task", "async Task<T>", "{ await Task.Yield(); return Script.Run(context, VALUE); }"),
        ("InValueTask", "async ValueTask", "async ValueTask<T>", "{ await Task.Yield(); return Script.Run(context, VALUE); }"),
        ("InCompletedTask", "Task", "Task<T>", "=> Task.FromResult(Script.Run(context, VALUE));"),
        ("InCompletedValueTask", "ValueTask", "ValueTask<T>", "=> new(Script.Run(context, VALUE));"),
        ("Result", "SnapshotResult", "SnapshotResult<T>", "=> Script.Result(context, VALUE);"),
        ("ResultInTask", "async Task<SnapshotResult>", "async Task<SnapshotResult<T>>", "{ await Task.Yield(); return Script.Result(context, VALUE); }"),
        ("ResultInValueTask", "async ValueTask<SnapshotResult>", "async ValueTask<SnapshotResult<T>>", "{ await Task.Yield(); return Script.Result(context, VALUE); }"),
        ("ResultInCompletedValueTask", "ValueTask<SnapshotResult>", "ValueTask<SnapshotResult<T>>", "=> new(Script.Result(context, VALUE));"),
    ];

    /// <summary>How a payload is written.</summary>
    private static readonly Dictionary<Payload, (string Type, string Value)> Payloads = new()
    {
        [Payload.Info] = ("SnapshotInfo", "Script.Info"),
        [Payload.Usage] = ("SnapshotUsage", "new SnapshotUsage(11, 2)"),
        [Payload.Mounts] = ("IReadOnlyList<Mount>", "Script.Mounts"),
        [Payload.NewMounts] = ("IReadOnlyList<Mount>", "Script.Mounts"),
        [Payload.Infos] = ("IEnumerable<SnapshotInfo>", "Script.Infos"),
    };

    private const string Script = """
        internal static class Script
        {
            public static SnapshotInfo Info { get; } = new() { Name = "layer", Kind = SnapshotKind.Committed };

            public static IReadOnlyList<Mount> Mounts { get; } = [Mount.Bind("/first"), Mount.Bind("/second")];

            public static IEnumerable<SnapshotInfo> Infos { get; } = [Info, Info with { Name = "other" }];

            public static T Run<T>(SnapshotContext context, T value) => context.Namespace switch
            {
                "null" => default!,
                "exists" => throw SnapshotterException.AlreadyExists("layer"),
                "bug" => throw new InvalidOperationException("a bug"),
                "later" => throw new NotImplementedException("later"),
                _ => value,
            };

            public static SnapshotResult<T> Result<T>(SnapshotContext context, T value) => context.Namespace == "exists"
                ? SnapshotResult.AlreadyExists("layer")
                : SnapshotResult.Of(Run(context, value));

            public static SnapshotResult Result(SnapshotContext context, bool value) => context.Namespace == "exists"
                ? SnapshotResult.AlreadyExists("layer")
                : Run(context, value) ? SnapshotResult.Success : default;
        }

        """;

    /// <summary>A snapshotter whose methods return no task.</summary>
    private const string NoTasks = """
        [Snapshotter]
        internal sealed partial class NoTasks
        {
            public Task<SnapshotInfo?>? Stat() => null;
            public Task<SnapshotResult<Mount[]?>>? Mounts() => null;
            public Task? Commit() => null;
            public Task<SnapshotResult>? Remove() => null;
            public Task<SnapshotInfo[]>? Walk() => null;
        }

        """;

    public static IEnumerable<string> Names => All.Select(form => form.Name);

    /// <summary>The form's class whose payloads are declared nullable.</summary>
    public static string Nullable(string form) => form + "Nullable";

    public static string Source => Script + NoTasks + string.Join('\n', All.SelectMany(form => new[]
    {
        Class(form.Name, "", form.Alone, form.Payload, form.Body),
        Class(Nullable(form.Name), "?", form.Alone, form.Payload, form.Body),
    }));

    private static string Class(string name, string nullable, string alone, string payload, string body) => $$"""
        [Snapshotter]
        internal sealed partial class {{name}}
        {
            {{string.Join("\n    ", CallTable.Calls.Select(call => call.Payload == Payload.None
                ? Method(alone, call.Name, WithoutValue(alone, body))
                : Method(Put(payload, TypeOf(call) + nullable), call.Name, body.Replace("VALUE", Value(call, nullable)))))}}
        }

        """;

    /// <summary>A type that the call can return, without a task.</summary>
    public static string TypeOf(SnapshotterCall call) => call.Payload == Payload.None ? "void" : Payloads[call.Payload].Type;

    private static string Value(SnapshotterCall call, string nullable) =>
        nullable.Length > 0 ? $"({TypeOf(call)}?){Payloads[call.Payload].Value}" : Payloads[call.Payload].Value;

    private static string Method(string type, string call, string body) => $"public {type} {call}(SnapshotContext context) {body}";

    private static string Put(string payload, string type) => payload.EndsWith('T') ? type : payload.Replace("<T>", $"<{type}>");

    private static string WithoutValue(string type, string body) => (type switch
    {
        "Task" => "{ Script.Run(context, VALUE); return Task.CompletedTask; }",
        "ValueTask" => "{ Script.Run(context, VALUE); return default; }",
        "async Task" or "async ValueTask" => body.Replace("return ", ""),
        _ => body,
    }).Replace("VALUE", "true");
}
