//HintName: Samples.Example.72cc9459.g.cs
public override global::System.Threading.Tasks.ValueTask Remove(global::Containerd.Snapshots.CompilerServices.RemoveCall call)
{
    ((global::Samples.Base)call.Part(_snapshotter.Part, "Part")).Remove(call.Key);
    return call.Reply();
}

public override global::System.Threading.Tasks.ValueTask Cleanup(global::Containerd.Snapshots.CompilerServices.CleanupCall call)
{
    call.Part(_snapshotter.Part, "Part").Cleanup();
    return call.Reply();
}

//HintName: Samples.Other.f45903a1.g.cs
public override global::System.Threading.Tasks.ValueTask Stat(global::Containerd.Snapshots.CompilerServices.StatCall call) =>
    call.NullIsNotFound().Reply(call.Part(_snapshotter._part, "_part").Stat(call.Key));

public override global::System.Threading.Tasks.ValueTask Remove(global::Containerd.Snapshots.CompilerServices.RemoveCall call)
{
    ((global::Samples.IRemove)call.Part(_snapshotter._part, "_part")).Remove(call.Key);
    return call.Reply();
}

public override global::System.Threading.Tasks.ValueTask Cleanup(global::Containerd.Snapshots.CompilerServices.CleanupCall call)
{
    ((global::Samples.ICleanup)call.Part(_snapshotter._part, "_part")).Cleanup();
    return call.Reply();
}
