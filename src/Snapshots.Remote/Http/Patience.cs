namespace Containerd.Snapshots.Remote.Http;

/// <summary>How long registries are waited for.</summary>
/// <param name="Connection">How long a connection may send nothing, or almost nothing.</param>
/// <param name="WithoutProgress">How long something is tried without any progress.</param>
/// <param name="Time">The clock.</param>
internal sealed record Patience(TimeSpan Connection, TimeSpan WithoutProgress, TimeProvider Time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250), Longest = TimeSpan.FromSeconds(30), LongestAsked = TimeSpan.FromSeconds(60);

    /// <summary>How long to wait after some failures in a row of one host.</summary>
    /// <param name="failures">1 or more.</param>
    /// <param name="asked">What the host asked for; at most a minute of it.</param>
    public static TimeSpan Backoff(int failures, TimeSpan? asked)
    {
        var longest = First * Math.Pow(2, Math.Min(failures - 1, 16));
        var backoff = (longest < Longest ? longest : Longest) * (0.5 + (Random.Shared.NextDouble() / 2));
        return asked is not { } wait || wait < backoff ? backoff : wait < LongestAsked ? wait : LongestAsked;
    }
}
