using Decant.Evaluation;

namespace Decant.Tests.Evaluation;

public sealed class TemperatureScalingTests
{
    [Fact]
    public void Worked_by_hand_of_two_classes_of_which_three_of_four_answers_are_right()
    {
        // σ(2 ÷ τ) = ¾ where the likelihood is largest: τ = 2 ÷ ln 3; the loss there is the entropy of ¾.
        float[][] logits = [[2, 0], [2, 0], [2, 0], [2, 0]];
        var (temperature, before, after) = TemperatureScaling.Fit(logits, [0, 0, 0, 1]);
        Assert.Equal(2 / Math.Log(3), temperature, 1e-6);
        Assert.Equal(Math.Log(1 + Math.Exp(-2)) + 0.5, before, 1e-6);
        Assert.Equal(-0.75 * Math.Log(0.75) - 0.25 * Math.Log(0.25), after, 1e-9);
    }

    [Fact]
    public void Answers_that_are_all_right_or_by_chance_end_at_the_bounds()
    {
        Assert.Equal(0.05, TemperatureScaling.Fit([[1, 0], [0, 1]], [0, 1]).Temperature, 1e-6);
        Assert.Equal(20, TemperatureScaling.Fit([[1, 0], [1, 0]], [1, 1]).Temperature, 1e-3);
    }

    [Fact]
    public void Probabilities_that_were_sharpened_are_brought_back()
    {
        // Labels drawn from softmax(z), logits handed in as 3·z: the temperature is 3, up to the sample's noise.
        var random = new Random(5);
        var (rows, labels) = (new List<float[]>(), new List<int>());
        for (var i = 0; i < 20_000; i++)
        {
            double[] z = [random.NextDouble() * 2, random.NextDouble() * 2, random.NextDouble() * 2];
            var (all, at) = (z.Sum(Math.Exp), random.NextDouble());
            labels.Add(at < Math.Exp(z[0]) / all ? 0 : at < (Math.Exp(z[0]) + Math.Exp(z[1])) / all ? 1 : 2);
            rows.Add(Array.ConvertAll(z, x => (float)(3 * x)));
        }

        Assert.Equal(3, TemperatureScaling.Fit(rows, labels).Temperature, 0.15);
    }
}
