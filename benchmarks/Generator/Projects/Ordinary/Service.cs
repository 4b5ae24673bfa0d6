using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Company.Product.Services_N;

/// <summary>Finds orders that are late, and tells their owners once.</summary>
public sealed class LateOrders_N(ILogger<LateOrders_N> logger, IOrderStore_N store, TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _told = [];

    public TimeSpan Patience { get; init; } = TimeSpan.FromDays(2);

    public async Task<int> TellAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var orders = await store.ListAsync(cancellationToken).ConfigureAwait(false);
        var told = 0;

        foreach (var order in orders.Where(each => each.Due + Patience < now).OrderBy(each => each.Due))
        {
            if (!_told.TryAdd(order.Id, now))
                continue;

            logger.LogInformation("Order {Id} of {Owner} was due on {Due}", order.Id, order.Owner, order.Due);
            await NotifyAsync(order, now - order.Due, cancellationToken).ConfigureAwait(false);
            told++;
        }

        return told;
    }

    public IReadOnlyDictionary<string, decimal> TotalsByOwner(IEnumerable<Order_N> orders)
    {
        var totals = new Dictionary<string, decimal>(StringComparer.OrdinalIgnoreCase);
        foreach (var order in orders)
            totals[order.Owner] = totals.GetValueOrDefault(order.Owner) + order.Lines.Sum(line => line.Price * line.Count);

        return totals;
    }

    public static IServiceCollection Register(IServiceCollection services) => services
        .AddSingleton<LateOrders_N>()
        .AddSingleton(TimeProvider.System)
        .AddLogging();

    [Obsolete("Ask for TotalsByOwner.")]
    public decimal Total(IEnumerable<Order_N> orders) => TotalsByOwner(orders).Values.Sum();

    private async Task NotifyAsync(Order_N order, TimeSpan late, CancellationToken cancellationToken)
    {
        try
        {
            await store.SaveAsync(order with { Note = $"late by {late.TotalHours:F1} h" }, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            logger.LogWarning(exception, "Order {Id} could not be saved", order.Id);
            _told.TryRemove(order.Id, out _);
        }
    }
}

public interface IOrderStore_N
{
    Task<IReadOnlyList<Order_N>> ListAsync(CancellationToken cancellationToken);

    Task SaveAsync(Order_N order, CancellationToken cancellationToken);
}

public sealed record Order_N(Guid Id, string Owner, DateTimeOffset Due, IReadOnlyList<OrderLine_N> Lines, string Note = "");

public sealed record OrderLine_N(string Article, int Count, decimal Price);
