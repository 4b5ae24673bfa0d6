using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Hosting.Run;

/// <summary>SIGTERM and SIGINT stop the host in order; a second one ends the process at once, as if nobody handled it.</summary>
internal sealed class HostSignals : IDisposable
{
    private readonly HostStop _stop;
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    public HostSignals(HostStop stop)
    {
        _stop = stop;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle), PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle)];
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _signals) > 1)
            return;

        context.Cancel = true;
        _stop.Ask();
    }
}
