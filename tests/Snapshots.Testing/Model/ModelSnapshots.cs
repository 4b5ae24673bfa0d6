namespace Containerd.Snapshots.Tests.Model;

/// <summary>A model of a snapshotter as containerd expects it, as simple as possible.</summary>
public sealed class ModelSnapshots : ITarget
{
    private readonly Dictionary<string, Snapshot> _snapshots;

    public ModelSnapshots() => _snapshots = [];

    private ModelSnapshots(Dictionary<string, Snapshot> snapshots) => _snapshots = new(snapshots);

    private enum Kind
    {
        View,
        Active,
        Committed,
    }

    public ModelSnapshots Copy() => new(_snapshots);

    public Task<string> RunAsync(Operation operation) => Task.FromResult(Run(operation));

    public string Run(Operation operation) => operation switch
    {
        Operation.Prepare call => Create(call.Key, call.Parent, Kind.Active, call.Labels),
        Operation.View call => Create(call.Key, call.Parent, Kind.View, call.Labels),
        Operation.Commit call => Commit(call),
        Operation.Remove call => Remove(call.Key),
        Operation.Update call => Update(call),
        Operation.Stat call => Find(call.Key) is { } found ? Info(call.Key, found) : NotFound,
        Operation.Mounts call => Mounts(call.Key),
        Operation.List call => Answer.Infos(_snapshots.Where(each => Matches(each.Key, each.Value, call.Filter)).Select(each => Info(each.Key, each.Value))),
        Operation.Usage call => Find(call.Key) is null ? NotFound : Answer.Done,
        Operation.Cleanup => Answer.Done,
        _ => throw new ArgumentException($"unknown: {operation}"),
    };

    private static string NotFound => Answer.Error("NotFound");

    private static string InvalidArgument => Answer.Error("InvalidArgument");

    private static string FailedPrecondition => Answer.Error("FailedPrecondition");

    private static string AlreadyExists => Answer.Error("AlreadyExists");

    private string Create(string key, string parent, Kind kind, Labels labels)
    {
        if (parent.Length > 0)
        {
            if (Find(parent) is not { } below)
                return NotFound;
            if (below.Kind != Kind.Committed)
                return InvalidArgument;
        }

        if (key.Length == 0)
            return InvalidArgument;
        if (Find(key) is not null)
            return AlreadyExists;

        _snapshots[key] = new(kind, parent, Stored(labels.ToDictionary()));
        return Mounts(key);
    }

    private string Commit(Operation.Commit call)
    {
        if (Find(call.Key) is not { } active)
            return NotFound;
        if (call.Name.Length == 0)
            return InvalidArgument;
        if (Find(call.Name) is not null)
            return AlreadyExists;
        if (active.Kind != Kind.Active)
            return FailedPrecondition;

        var parent = call.Parent.Length > 0 ? call.Parent : active.Parent;
        if (parent != active.Parent)
        {
            if (active.Parent.Length > 0)
                return InvalidArgument;
            if (Find(parent) is not { } below)
                return NotFound;
            if (below.Kind != Kind.Committed)
                return FailedPrecondition;
        }

        _snapshots.Remove(call.Key);
        _snapshots[call.Name] = new(Kind.Committed, parent, Stored(call.Labels.ToDictionary()));
        return Answer.Done;
    }

    private string Remove(string key)
    {
        if (Find(key) is null)
            return NotFound;
        if (_snapshots.Values.Any(other => other.Parent == key))
            return FailedPrecondition;

        _snapshots.Remove(key);
        return Answer.Done;
    }

    private string Update(Operation.Update call)
    {
        if (Find(call.Key) is not { } snapshot)
            return NotFound;

        var given = call.Labels.ToDictionary();
        var labels = call.Paths.All.Count == 0 ? given : new(snapshot.Labels);
        foreach (var path in call.Paths.All)
        {
            if (path == "labels")
                labels = new(given);
            else if (path.StartsWith("labels.", StringComparison.Ordinal))
                labels[path[7..]] = given.GetValueOrDefault(path[7..], "");
            else
                return InvalidArgument;
        }

        _snapshots[call.Key] = snapshot with { Labels = Stored(labels) };
        return Info(call.Key, _snapshots[call.Key]);
    }

    private string Mounts(string key)
    {
        if (Find(key) is not { } snapshot)
            return NotFound;
        if (snapshot.Kind == Kind.Committed)
            return FailedPrecondition;

        var parents = 0;
        for (var parent = snapshot.Parent; parent.Length > 0; parent = _snapshots[parent].Parent)
            parents++;

        return Answer.Mount(snapshot.Kind == Kind.Active, parents);
    }

    private Snapshot? Find(string key) => _snapshots.GetValueOrDefault(key);

    private static bool Matches(string key, Snapshot snapshot, string filter) => filter switch
    {
        "" => true,
        "kind==active" => snapshot.Kind == Kind.Active,
        "labels.x" => snapshot.Labels.ContainsKey("x"),
        _ => filter == $"name=={key}" || filter == $"parent=={snapshot.Parent}",
    };

    private static Dictionary<string, string> Stored(Dictionary<string, string> labels) =>
        labels.Where(label => label.Value.Length > 0).ToDictionary();

    private static string Info(string key, Snapshot snapshot) => Answer.Info(key, snapshot.Kind.ToString(), snapshot.Parent, snapshot.Labels);

    private sealed record Snapshot(Kind Kind, string Parent, Dictionary<string, string> Labels);
}
