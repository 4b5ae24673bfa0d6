//HintName: namespace.Example.5ce4adb5.g.cs
public override global::System.Threading.Tasks.ValueTask Usage(global::Containerd.Snapshots.CompilerServices.UsageCall call) =>
    call.NullIsNotFound().Reply(((global::@namespace.Base<global::Containerd.Snapshots.Mount[]>)_snapshotter).Usage(call.Key));

public override global::System.Threading.Tasks.ValueTask Mounts(global::Containerd.Snapshots.CompilerServices.MountsCall call) =>
    call.NullIsNotFound().Reply(((global::@namespace.Base<global::Containerd.Snapshots.Mount[]>)_snapshotter).Mounts(call.Key));

public override global::System.Threading.Tasks.ValueTask Commit(global::Containerd.Snapshots.CompilerServices.CommitCall call)
{
    ((global::@namespace.Base<global::Containerd.Snapshots.Mount[]>)_snapshotter).Commit(call.Name, call.Key);
    return call.Reply();
}

public override global::System.Threading.Tasks.ValueTask Remove(global::Containerd.Snapshots.CompilerServices.RemoveCall call)
{
    ((global::@namespace.Base<global::Containerd.Snapshots.Mount[]>)_snapshotter).Remove(call.Key);
    return call.Reply();
}

public override global::System.Threading.Tasks.ValueTask Cleanup(global::Containerd.Snapshots.CompilerServices.CleanupCall call)
{
    ((global::@namespace.Base<global::Containerd.Snapshots.Mount[]>)_snapshotter).Cleanup();
    return call.Reply();
}
