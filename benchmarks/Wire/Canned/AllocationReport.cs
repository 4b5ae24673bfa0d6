using System.Globalization;
using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Benchmarks.Wire;

/// <summary>Prints how many bytes the process has allocated so far, each time that the benchmark asks with SIGUSR1.</summary>
internal static class AllocationReport
{
    // .NET names no such signal, and takes Linux's number for it.
    private const PosixSignal UserSignal = (PosixSignal)10;

    public static IDisposable Begin() => PosixSignalRegistration.Create(UserSignal, Print);

    private static void Print(PosixSignalContext context)
    {
        context.Cancel = true; // By default the signal ends the process.
        Console.Out.WriteLine(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
    }
}
