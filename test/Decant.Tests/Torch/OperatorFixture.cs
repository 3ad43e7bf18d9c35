using System.Text.Json;
using System.Text.Json.Serialization;
using Decant.Torch;

namespace Decant.Tests.Torch;

/// <summary>What PyTorch made of every case; see Golden/torch_operators.py for the meaning of the fields.</summary>
internal sealed class OperatorFixture
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private static readonly Lazy<OperatorFixture> s_loaded = new(() =>
        JsonSerializer.Deserialize<OperatorFixture>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "torch_operators.json")), s_options)!);

    public static OperatorFixture Loaded => s_loaded.Value;

    public required Dictionary<string, Golden> Cases { get; init; }

    internal sealed class Golden
    {
        public required Values[] Inputs { get; init; }

        public required int[] Frozen { get; init; }

        public required Values[] Outputs { get; init; }

        public required Values?[] Seeds { get; init; }

        public required Values?[] Gradients { get; init; }

        public required Dictionary<string, Values> After { get; init; }

        /// <summary>The inputs as leaves; those that are floating-point and not frozen require gradients.</summary>
        public Tensor[] Leaves() =>
        [
            .. Inputs.Select((values, i) =>
            {
                var leaf = values.ToTensor();
                leaf.RequiresGrad = leaf.DType.IsFloatingPoint() && !Frozen.Contains(i);
                return leaf;
            }),
        ];
    }

    internal sealed class Values
    {
        public required string Dtype { get; init; }

        public required long[] Shape { get; init; }

        public required JsonElement[] Data { get; init; }

        [JsonIgnore]
        public DType Type => Enum.Parse<DType>(Dtype, ignoreCase: true);

        public Tensor ToTensor() => Tensor.From(Numbers(), [.. Shape, 1]).Reshape(Shape).To(Type);

        public double[] Numbers() =>
        [
            .. Data.Select(e => e.ValueKind switch
            {
                JsonValueKind.True => 1.0,
                JsonValueKind.False => 0.0,
                JsonValueKind.String => double.Parse(e.GetString()!),
                _ => e.GetDouble(),
            }),
        ];
    }
}
