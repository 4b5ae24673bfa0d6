using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Containerd.Snapshots;

namespace MyNamespace;

/// <summary>
/// The snapshots, on disk and in memory; reads use the memory only. Each snapshot has a directory in <c>snapshots</c>. A
/// complete directory is renamed into it, and a removed one out of it, so the program can be killed at any time. A power
/// cut can lose data: to survive one, sync the files.
/// </summary>
internal sealed class SnapshotStore
{
    private readonly string _new, _snapshots, _removed;
    private volatile ImmutableDictionary<string, Snapshot> _byName;

    public SnapshotStore(string root)
    {
        _new = Directory.CreateDirectory(Path.Combine(root, "new")).FullName;
        _snapshots = Directory.CreateDirectory(Path.Combine(root, "snapshots")).FullName;
        _removed = Directory.CreateDirectory(Path.Combine(root, "removed")).FullName;
        DeleteAllIn(_new); // Incomplete directories of an earlier run.
        _byName = Directory.EnumerateDirectories(_snapshots).Select(Load).ToImmutableDictionary(snapshot => snapshot.Info.Name);
    }

    public IEnumerable<Snapshot> All => _byName.Values;

    public Snapshot? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Makes a directory for a new snapshot, for <see cref="Add"/>.</summary>
    public string MakeDirectory() => Directory.CreateDirectory(Path.Combine(_new, Guid.NewGuid().ToString("N"))).FullName;

    public Snapshot Add(string directory, SnapshotInfo info)
    {
        Save(new(directory, info));
        var snapshot = new Snapshot(Path.Combine(_snapshots, Path.GetFileName(directory)), info);
        Directory.Move(directory, snapshot.Directory);
        _byName = _byName.Add(info.Name, snapshot);
        return snapshot;
    }

    /// <summary>Replaces a snapshot by one with the same directory; their names may differ.</summary>
    public void Replace(Snapshot old, Snapshot snapshot)
    {
        Save(snapshot);
        _byName = _byName.Remove(old.Info.Name).Add(snapshot.Info.Name, snapshot);
    }

    /// <summary>Removes a snapshot; <see cref="DeleteRemoved"/> deletes its files.</summary>
    public void Remove(Snapshot snapshot)
    {
        Directory.Move(snapshot.Directory, Path.Combine(_removed, Path.GetFileName(snapshot.Directory)));
        _byName = _byName.Remove(snapshot.Info.Name);
    }

    public void DeleteRemoved() => DeleteAllIn(_removed);

    private static void DeleteAllIn(string directory)
    {
        foreach (var each in Directory.EnumerateDirectories(directory))
            Directory.Delete(each, recursive: true);
    }

    private static string StateIn(string directory) => Path.Combine(directory, "snapshot.json");

    private static void Save(Snapshot snapshot)
    {
        var path = StateIn(snapshot.Directory);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(new(snapshot.Info, snapshot.Usage), StateJson.Default.State));
        File.Move(path + ".new", path, overwrite: true);
    }

    private static Snapshot Load(string directory)
    {
        var state = JsonSerializer.Deserialize(File.ReadAllBytes(StateIn(directory)), StateJson.Default.State)!;
        return new(directory, state.Info, state.Usage);
    }
}

/// <summary>The content of <c>snapshot.json</c>.</summary>
internal sealed record State(SnapshotInfo Info, SnapshotUsage? Usage);

/// <summary>Reads and writes it without reflection, as a native binary needs.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(State))]
internal sealed partial class StateJson : JsonSerializerContext;
