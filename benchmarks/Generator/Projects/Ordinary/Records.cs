using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Company.Product.Messages_N;

/// <summary>A message of the public interface, as JSON has it.</summary>
[Description("A customer and the addresses that goods go to.")]
public sealed record Customer_N
{
    [JsonPropertyName("id")]
    public required Guid Id { get; init; }

    [JsonPropertyName("full_name")]
    public required string Name { get; init; }

    [JsonPropertyName("addresses")]
    public IReadOnlyList<Address_N> Addresses { get; init; } = [];

    [JsonPropertyName("kind")]
    [JsonConverter(typeof(JsonStringEnumConverter<CustomerKind_N>))]
    public CustomerKind_N Kind { get; init; }

    [JsonIgnore]
    public Address_N? Main => Addresses.FirstOrDefault(each => each.IsMain) ?? Addresses.FirstOrDefault();

    public static Customer_N Parse(string json) =>
        JsonSerializer.Deserialize<Customer_N>(json) ?? throw new FormatException("There is no customer.");

    public override string ToString() => Main is { } main ? $"{Name} ({main.City})" : Name;
}

[Serializable]
public sealed record Address_N(
    [property: JsonPropertyName("street")] string Street,
    [property: JsonPropertyName("city")] string City,
    [property: JsonPropertyName("country")] string Country,
    [property: JsonPropertyName("main")] bool IsMain)
{
    public bool IsSameCity(Address_N other) =>
        string.Equals(City, other.City, StringComparison.OrdinalIgnoreCase) && Country == other.Country;
}

[Flags]
public enum CustomerKind_N
{
    None = 0,
    Company = 1,
    Reseller = 2,
}
