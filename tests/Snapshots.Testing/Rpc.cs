using Grpc.Core;

namespace Containerd.Snapshots.Tests;

/// <summary>How calls end.</summary>
public static class Rpc
{
    /// <summary>Asserts that a call fails with a status code, and that the status's detail contains each of the words.</summary>
    /// <returns>The status, for further assertions.</returns>
    public static Status Fails(StatusCode code, Action call, params IReadOnlyList<string> words) => AssertFailure(StatusOf(call), code, words);

    /// <inheritdoc cref="Fails"/>
    public static async Task<Status> FailsAsync(StatusCode code, Func<Task> call, params IReadOnlyList<string> words) =>
        AssertFailure(await StatusOfAsync(call), code, words);

    /// <summary>Makes a call and returns its status, which is OK without a detail if the call succeeds.</summary>
    public static Status StatusOf(Action call)
    {
        try
        {
            call();
            return Status.DefaultSuccess;
        }
        catch (RpcException exception)
        {
            return StatusOf(exception);
        }
    }

    /// <inheritdoc cref="StatusOf(Action)"/>
    public static async Task<Status> StatusOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return Status.DefaultSuccess;
        }
        catch (RpcException exception)
        {
            return StatusOf(exception);
        }
    }

    // Without the client's exception, so that two statuses with the same code and detail are equal.
    private static Status StatusOf(RpcException exception) => new(exception.StatusCode, exception.Status.Detail);

    private static Status AssertFailure(Status status, StatusCode code, IReadOnlyList<string> words)
    {
        Assert.That(status.StatusCode, Is.EqualTo(code), status.Detail);
        foreach (var word in words)
            Assert.That(status.Detail, Does.Contain(word));
        return status;
    }
}
