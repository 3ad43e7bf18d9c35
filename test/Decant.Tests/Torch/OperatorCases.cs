using Decant.Torch;

namespace Decant.Tests.Torch;

/// <summary>Every public operator of Decant.Torch, called as its golden case of the same name was in PyTorch.</summary>
internal static class OperatorCases
{
    public static IReadOnlyList<OperatorCase> All { get; } =
    [
        .. Arithmetic(), .. Comparisons(), .. Elementwise(), .. InPlace(), .. Matrices(), .. Reductions(),
        .. Selections(), .. Shapes(), .. Creations(), .. Networks(), .. Lists(),
    ];

    private static IEnumerable<OperatorCase> Arithmetic() =>
    [
        new("add", t => t[0].Add(t[1], 0.5)),
        new("add one", t => t[0] + t[1]),
        new("add number", t => t[0] + 1.25),
        new("add number", t => t[0].Add(1.25)),
        new("sub", t => t[0] - t[1]),
        new("sub", t => t[0].Sub(t[1])),
        new("sub number", t => t[0] - 1.25),
        new("sub number", t => t[0].Sub(1.25)),
        new("number sub", t => 1.25 - t[0]),
        new("mul", t => t[0] * t[1]),
        new("mul", t => t[0].Mul(t[1])),
        new("mul number", t => t[0] * 1.25),
        new("mul number", t => 1.25 * t[0]),
        new("mul number", t => t[0].Mul(1.25)),
        new("div", t => t[0] / t[1]),
        new("div", t => t[0].Div(t[1])),
        new("div number", t => t[0] / 1.25),
        new("div number", t => t[0].Div(1.25)),
        new("neg", t => -t[0]),
        new("neg", t => t[0].Neg()),
        new("pow", t => t[0].Pow(3)),
        new("pow half", t => t[0].Pow(0.5)),
        new("reciprocal", t => t[0].Reciprocal()),
        new("addcmul", t => t[0].AddProduct(t[1], t[2], 0.5)),
        new("lerp", t => t[0].Lerp(t[1], 0.3)),
        new("maximum", t => t[0].Maximum(t[1])),
        new("minimum", t => t[0].Minimum(t[1])),
    ];

    private static IEnumerable<OperatorCase> Comparisons() =>
    [
        new("eq", t => t[0].EqualTo(t[1])),
        new("eq number", t => t[0].EqualTo(2)),
        new("ne", t => t[0].NotEqualTo(t[1])),
        new("ne number", t => t[0].NotEqualTo(2)),
        new("gt", t => t[0].Greater(t[1])),
        new("gt number", t => t[0].Greater(2)),
        new("ge", t => t[0].GreaterOrEqual(t[1])),
        new("ge number", t => t[0].GreaterOrEqual(2)),
        new("lt", t => t[0].Less(t[1])),
        new("lt number", t => t[0].Less(2)),
        new("le", t => t[0].LessOrEqual(t[1])),
        new("le number", t => t[0].LessOrEqual(2)),
        new("and", t => t[0].And(t[1])),
        new("or", t => t[0].Or(t[1])),
        new("not", t => t[0].Not()),
        new("isfinite", t => t[0].IsFinite()),
        new("isnan", t => t[0].IsNaN()),
    ];

    private static IEnumerable<OperatorCase> Elementwise() =>
    [
        new("exp", t => t[0].Exp()),
        new("log", t => t[0].Log()),
        new("log1p", t => t[0].Log1p()),
        new("expm1", t => t[0].Expm1()),
        new("sqrt", t => t[0].Sqrt()),
        new("rsqrt", t => t[0].Rsqrt()),
        new("abs", t => t[0].Abs()),
        new("sign", t => t[0].Sign()),
        new("square", t => t[0].Square()),
        new("sigmoid", t => t[0].Sigmoid()),
        new("tanh", t => t[0].Tanh()),
        new("sin", t => t[0].Sin()),
        new("cos", t => t[0].Cos()),
        new("relu", t => t[0].Relu()),
        new("silu", t => t[0].Silu()),
        new("erf", t => t[0].Erf()),
        new("floor", t => t[0].Floor()),
        new("round", t => t[0].Round()),
        new("round halves", t => t[0].Round()),
        new("softplus", t => t[0].Softplus()),
        new("logsigmoid", t => t[0].LogSigmoid()),
        new("gelu", t => t[0].Gelu(false)),
        new("gelu tanh", t => t[0].Gelu(true)),
        new("clamp", t => t[0].Clamp(-0.5, 0.75)),
        new("clamp below", t => t[0].Clamp(-0.5, null)),
        new("leaky relu", t => t[0].LeakyRelu(0.2)),
    ];

    private static IEnumerable<OperatorCase> InPlace() =>
    [
        new("add_", t => t[0].AddInPlace(t[1], 0.5)),
        new("add_ number", t => t[0].AddInPlace(1.25)),
        new("add_ whole number", t => t[0].AddInPlace(3L)),
        new("set data", t => t[0].SetData(t[1])),
        new("sub_", t => t[0].SubInPlace(t[1])),
        new("mul_", t => t[0].MulInPlace(t[1])),
        new("mul_ number", t => t[0].MulInPlace(1.25)),
        new("div_ number", t => t[0].DivInPlace(1.25)),
        new("addcmul_", t => t[0].AddProductInPlace(t[1], t[2], 0.5)),
        new("as strided", t => t[0].AsStrided(new long[] { 2, 3 }, new long[] { 1, 2 }, 1)),
        new("addmm_", t => t[0].AddMatMulInPlace(t[1], t[2])),
        new("addcdiv_", t => t[0].AddQuotientInPlace(t[1], t[2], 0.5)),
        new("lerp_", t => t[0].LerpInPlace(t[1], 0.3)),
        new("clamp_", t => t[0].ClampInPlace(-0.5, 0.75)),
        new("relu_", t => t[0].ReluInPlace()),
        new("batch norm relu", t => Functional.BatchNormRelu(t[0], t[1], t[2], t[3], t[4], t[5], 0.2, 1e-4)),
        new("copy_", t => t[0].CopyInPlace(t[1])),
        new("fill_", t => t[0].FillInPlace(1.25)),
        new("zero_", t => t[0].ZeroInPlace()),
        new("normal_", t => t[0].NormalInPlace(1, 2, new Generator(7))),
        new("uniform_", t => t[0].UniformInPlace(-1, 3, null)),
        new("bernoulli_", t => t[0].BernoulliInPlace(0.3, null)),
    ];

    private static IEnumerable<OperatorCase> Matrices() =>
    [
        new("matmul", t => t[0].MatMul(t[1])),
        new("matmul vectors", t => t[0].MatMul(t[1])),
        new("bmm", t => t[0].BatchMatMul(t[1])),
        new("addmm", t => t[0].AddMatMul(t[1], t[2])),
        new("baddbmm", t => t[0].AddBatchMatMul(t[1], t[2], 0.5)),
        new("outer", t => t[0].Outer(t[1])),
    ];

    private static IEnumerable<OperatorCase> Reductions() =>
    [
        new("sum", t => t[0].Sum()),
        new("sum over several", t => t[0].Sum(new long[] { 0, 2 }, true)),
        new("sum over one", t => t[0].Sum(1, false)),
        new("mean", t => t[0].Mean()),
        new("mean over several", t => t[0].Mean(new long[] { 0, 2 }, false)),
        new("mean over one", t => t[0].Mean(-1, true)),
        new("max over several", t => t[0].Max(new long[] { 0, 2 }, false)),
        new("max over all", t => t[0].Max(new long[0], false)),
        new("max over one", t => t[0].Max(1, true)),
        new("max of equals", t => t[0].Max(0, false)),
        new("min", t => t[0].Min(new long[] { 1 }, false)),
        new("argmax", t => t[0].ArgMax(2, false)),
        new("var", t => t[0].Var(new long[] { 0, 2 }, 1, false)),
        new("var of all elements", t => t[0].Var(new long[] { 1 }, 0, true)),
        new("logsumexp", t => t[0].LogSumExp(1, false)),
        new("norm", t => t[0].Norm(null, false)),
        new("norm over one", t => t[0].Norm(new long[] { 1 }, true)),
        new("all", t => t[0].All()),
        new("any", t => t[0].Any()),
        new("cumsum", t => t[0].CumSum(1)),
        new("softmax", t => t[0].Softmax(1)),
        new("log_softmax", t => t[0].LogSoftmax(-1)),
    ];

    private static IEnumerable<OperatorCase> Selections() =>
    [
        new("gather", t => t[0].Gather(1, t[1])),
        new("index_select", t => t[0].IndexSelect(1, t[1])),
        new("masked_fill", t => t[0].MaskedFill(t[1], -7)),
        new("masked_select", t => t[0].MaskedSelect(t[1])),
        new("where", t => Tensor.Where(t[0], t[1], t[2])),
        new("scatter", t => t[0].Scatter(1, t[1], 9)),
        new("scatter_add", t => t[0].ScatterAdd(1, t[1], t[2])),
        new("topk", t => t[0].TopK(2, 1)),
        new("sort", t => t[0].Sort(1, true)),
        new("one_hot", t => t[0].OneHot(5)),
        new("tril", t => t[0].LowerTriangle(1)),
        new("triu", t => t[0].UpperTriangle(-1)),
    ];

    private static IEnumerable<OperatorCase> Shapes() =>
    [
        new("reshape", t => t[0].Reshape(4, -1)),
        new("view", t => t[0].View(6, 4)),
        new("transpose", t => t[0].Transpose(0, 2)),
        new("permute", t => t[0].Permute(2, 0, 1)),
        new("squeeze", t => t[0].Squeeze(1)),
        new("unsqueeze", t => t[0].Unsqueeze(-1)),
        new("cat", t => Tensor.Cat(t, 1)),
        new("stack", t => Tensor.Stack(t, 1)),
        new("split", t => t[0].Split(2, 2)),
        new("chunk", t => t[0].Chunk(2, 1)),
        new("unbind", t => t[0].Unbind(1)),
        new("roll", t => t[0].Roll(2, -1)),
        new("narrow", t => t[0].Narrow(2, 1, 2)),
        new("select", t => t[0].Select(1, 2)),
        new("slice", t => t[0].Slice(2, 0, 4, 2)),
        new("expand", t => t[0].Expand(4, -1, 3)),
        new("repeat", t => t[0].Repeat(2, 1, 2)),
        new("flip", t => t[0].Flip(0, 2)),
        new("pad", t => t[0].Pad(new long[] { 1, 2, 0, 1 }, 0.5)),
        new("contiguous", t => t[0].Contiguous()),
        new("channels last", t => t[0].ChannelsLast()),
        new("channels last of one", t => t[0].ChannelsLast()),
        new("flatten", t => t[0].Flatten(1, -1)),
        new("clone", t => t[0].Clone()),
        new("detach", t => t[0].Detach()),
        new("to dtype", t => t[0].To(DType.Float32)),
        new("to int64", t => t[0].To(DType.Int64)),
        new("view dtype", t => t[0].Reinterpret(DType.Int64)),
        new("to device", t => t[0].To(Device.Cpu)),
    ];

    private static IEnumerable<OperatorCase> Creations() =>
    [
        new("zeros", t => Tensor.Zeros(new long[] { 2, 3 }, DType.Float32, Device.Cpu)),
        new("ones", t => Tensor.Ones(new long[] { 2 }, DType.Int64, Device.Cpu)),
        new("full", t => Tensor.Full(new long[] { 2, 2 }, 1.5, DType.Float64, Device.Cpu)),
        new("scalar", t => Tensor.Scalar(1.5, DType.Float32)),
        new("arange", t => Tensor.Arange(3, 10, 2, DType.Int64, Device.Cpu)),
        new("eye", t => Tensor.Eye(3, DType.Float32, Device.Cpu)),
        new("randn", t => Tensor.Randn(new long[] { 5 }, new Generator(7))),
        new("rand", t => Tensor.Rand(new long[] { 2, 3 }, new Generator(7))),
        new("empty", t => Tensor.Empty(new long[] { 2, 0, 3 }, DType.Float32, Device.Cpu)),
        new("zeros_like", t => t[0].ZerosLike()),
        new("ones_like", t => t[0].OnesLike()),
        new("empty_like", t => t[0].EmptyLike()),
    ];

    private static IEnumerable<OperatorCase> Networks() =>
    [
        new("linear", t => Functional.Linear(t[0], t[1], t[2])),
        new("embedding", t => Functional.Embedding(t[0], t[1], 2)),
        new("conv2d", t => Functional.Conv2d(t[0], t[1], t[2], 2, 1, 2)),
        new("conv1d", t => Functional.Conv1d(t[0], t[1], t[2], 2, 1)),
        new("max_pool2d", t => Functional.MaxPool2d(t[0], 3, 2, 1)),
        new("avg_pool2d", t => Functional.AvgPool2d(t[0], 2, null, 0)),
        new("resize bilinear", t => Functional.ResizeBilinear(t[0], 3, 9)),
        new("adaptive_avg_pool2d", t => Functional.AdaptiveAvgPool2d(t[0], 2, 3)),
        new("dropout", t => Functional.Dropout(t[0], 0.4, true)),
        new("dropout not training", t => Functional.Dropout(t[0], 0.4, false)),
        new("layer_norm", t => Functional.LayerNorm(t[0], t[1], t[2], 1e-3)),
        new("batch_norm", t => Functional.BatchNorm(t[0], t[1], t[2], t[3], t[4], true, 0.2, 1e-3)),
        new("batch_norm not training", t => Functional.BatchNorm(t[0], t[1], t[2], t[3], t[4], false, 0.1, 1e-5)),
        new("lstm", t => Functional.Lstm(t[0], t[1], t[2], t.Skip(3).ToArray(), 2, true, 0, false)),
        new("pack", t => Functional.PackPadded(t[0], t[1])),
        new("pad packed", t => Functional.PadPacked(t[0], t[1], 6)),
        new("lstm packed", t => Functional.LstmPacked(t[0], t[1], t[2], t[3], t.Skip(4).ToArray(), 2, true, 0, false)),
    ];

    private static IEnumerable<OperatorCase> Lists() =>
    [
        new("foreach add", t => Foreach.Add(new[] { t[0], t[1] }, new[] { t[2], t[3] }, 0.5)),
        new("foreach add number", t => Foreach.Add(t, 1.5)),
        new("foreach mul number", t => Foreach.Mul(t, 1.5)),
        new("foreach mul add", t => Foreach.MulAdd(new[] { t[0], t[1] }, 0.5, new[] { t[2], t[3] })),
        new("foreach lerp", t => Foreach.Lerp(new[] { t[0], t[1] }, new[] { t[2], t[3] }, 0.3)),
        new("foreach addcmul", t => Foreach.AddProduct(new[] { t[0], t[1] }, new[] { t[2], t[3] }, new[] { t[4], t[5] }, 0.5)),
        new("foreach addcdiv", t => Foreach.AddQuotient(new[] { t[0], t[1] }, new[] { t[2], t[3] }, new[] { t[4], t[5] }, 0.5)),
        new("foreach sqrt", t => Foreach.Sqrt(t)),
        new("foreach norm", t => Foreach.Norm(t)),
        new("foreach zero", t => Foreach.Zero(t)),
    ];
}
