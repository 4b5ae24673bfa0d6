namespace Containerd.Snapshots.Tests.Lazy.Failing;

/// <summary>Tests with a mirror that may misbehave, which is asked before the registry.</summary>
internal abstract class MirroredTest : LazyTest
{
    private HostileRegistry? _mirror;

    protected HostileRegistry Mirror => _mirror!;

    [SetUp]
    public async Task StartMirror()
    {
        _mirror = await HostileRegistry.StartAsync(Node.Registry.Address);
        await Node.UseMirrorsAsync(_mirror.Address);
    }

    [TearDown]
    public async Task StopMirror()
    {
        if (_mirror is not null)
            await _mirror.DisposeAsync();

        _mirror = null;
    }
}
