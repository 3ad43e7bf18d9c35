using Decant.Runs;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Reading;

namespace Decant.Tests.Runs.Recipes;

/// <summary>What belongs to one task and not to another, with the kinds that come along.</summary>
public sealed class TaskCheckTests
{
    private const string Text = """
        name: x
        task: TASK
        data:
          train: { kind: csv, file: a.csv }
          test: { kind: csv, file: b.csv }
        input:
          kind: text
          tokenizer: { kind: wordpiece, vocabulary: 300 }
          max-tokens: 16
        teacher:
          model: { kind: encoder }
          train: { epochs: 1, batch: 4, optimizer: { kind: adamw, learning-rate: 1e-3 }, objectives: [{ kind: TAUGHT }] }
        student: { model: { kind: encoder } }
        distill:
          epochs: 1
          batch: 4
          optimizer: { kind: adamw, learning-rate: 1e-3 }
          objectives: [{ kind: logits-mse }]
        """;

    [Theory]
    [InlineData("masked-lm", "data.student-labels=9", "'student-labels' is for classification and multi-label and token-classification and regression, and the task is masked-lm; leave it out")]
    [InlineData("token-classification", "distill.transfer-set.without-classes=[O]", "'without-classes' is for classification, and the task is token-classification; leave it out")]
    [InlineData("causal-lm", "distill.transfer-set.labelled-only=true", "'labelled-only' is for classification and multi-label and token-classification and regression, and the task is causal-lm; leave it out")]
    [InlineData("token-classification", "data.imbalance-factor=10", "'imbalance-factor' is for classification, and the task is token-classification; leave it out")]
    [InlineData("causal-lm", "distill.sampling={ classes: balanced }", "'sampling' is for classification, and the task is causal-lm; leave it out")]
    [InlineData("regression", "teacher.train.sampling={ classes: balanced }", "'sampling' is for classification, and the task is regression; leave it out")]
    [InlineData("token-classification", "evaluate.prompts=[Once]", "'prompts' is for causal-lm, and the task is token-classification; leave it out")]
    [InlineData("classification", "input.documents=separate", "'documents' is for causal-lm and masked-lm, and the task is classification; leave it out")]
    [InlineData("masked-lm", "input.carry-state=true", "'carry-state' is for causal-lm, and the task is masked-lm; leave it out")]
    [InlineData("causal-lm", "input.mask={ probability: 0.2 }", "'mask' is for masked-lm, and the task is causal-lm; leave it out")]
    [InlineData("causal-lm", "distill.objectives=[{ kind: logits-mse }, { kind: target-mse }]", "'target-mse' needs numbers, and the task is causal-lm; use labels")]
    [InlineData("classification", "teacher.train.objectives=[{ kind: target-mse }]", "'target-mse' needs numbers, and the task is classification; use labels")]
    public void A_key_of_another_task_is_told(string task, string set, string said) => Told(task, said, set);

    [Fact]
    public void A_bias_is_tuned_for_classes_alone() =>
        Told("masked-lm", "'tune-bias' is for classification, and the task is masked-lm; leave it out", "evaluate.tune-bias=[a]", "data.split={ validation: 0.1 }");

    [Fact]
    public void A_state_that_is_carried_on_crosses_documents() => Told(
        "causal-lm", "a state that is carried on crosses from document to document; leave 'documents: separate' out, or 'carry-state'", "input.carry-state=true", "input.documents=separate");

    [Theory]
    [InlineData("labels")]
    [InlineData("soft-targets")]
    [InlineData("reverse-kl")]
    [InlineData("jensen-shannon")]
    [InlineData("skew-kl")]
    [InlineData("skew-reverse-kl")]
    [InlineData("adaptive-kl")]
    [InlineData("total-variation")]
    [InlineData("decoupled")]
    [InlineData("dist")]
    public void A_regression_has_no_classes(string kind) => Told(
        "regression",
        $"'{kind}' is about classes, and a regression has none; use target-mse for the data's numbers, and logits-mse for the teacher's",
        "teacher.train.objectives=[{ kind: target-mse }]",
        $"distill.objectives=[{{ kind: logits-mse }}, {{ kind: {kind} }}]");

    [Theory]
    [InlineData("cosine")]
    [InlineData("logit-standardization, objective: { kind: logits-mse }")]
    public void A_regression_is_about_sizes(string kind) => Told(
        "regression",
        $"'{kind.Split(',')[0]}' looks at the form of an answer and not at its size, which is what a regression is about; use logits-mse",
        "teacher.train.objectives=[{ kind: target-mse }]",
        $"distill.objectives=[{{ kind: logits-mse }}, {{ kind: {kind} }}]");

    [Theory]
    [InlineData("{ kind: labels }", "distill.objectives[1].objective: expected an objective that compares logits with a teacher's, such as soft-targets; came labels")]
    [InlineData("{ kind: logit-standardization }", "distill.objectives[1].objective: expected an objective that compares logits with a teacher's, such as soft-targets; came logit-standardization")]
    [InlineData("{ kind: soft-targets, weight: 2 }", "distill.objectives[1].objective: the weight is that of the whole; write it beside 'kind: logit-standardization', and not into its objective")]
    [InlineData("{ kind: soft-targets, beta: 2 }", "unknown key 'beta' under distill.objectives[1].objective; it takes: kind, weight, sample-weighting, temperature, scale-by-temperature-squared")]
    public void What_is_standardised_compares_logits_and_has_no_weight_of_its_own(string inner, string said) =>
        Told("classification", said, $"distill.objectives=[{{ kind: soft-targets }}, {{ kind: logit-standardization, objective: {inner} }}]");

    [Fact]
    public void What_an_objective_is_made_of_belongs_to_the_task_too() => Told(
        "embedding", "'decoupled' is about classes, and an embedding has none; use logits-mse or cosine, or pair-similarity for the scores of pairs",
        "teacher={ load: x }", "control=false", "distill.objectives=[{ kind: logit-standardization, objective: { kind: decoupled } }]");

    [Fact]
    public void An_embedding_has_no_classes_and_may_ask_for_a_control()
    {
        Told("embedding", "'soft-targets' is about classes, and an embedding has none; use logits-mse or cosine, or pair-similarity for the scores of pairs", "teacher={ load: x }", "control=false", "distill.objectives=[{ kind: soft-targets }]");
        Told("embedding", "'target-mse' needs numbers, and the task is embedding; use pair-similarity", "teacher={ load: x }", "distill.objectives=[{ kind: target-mse }, { kind: cosine }]");
        Told("regression", "'pair-similarity' needs pairs of texts with an embedding for each, and the task is regression; use target-mse", "distill.objectives=[{ kind: pair-similarity }, { kind: logits-mse }]", "teacher.train.objectives=[{ kind: target-mse }]");
        Assert.Empty(Faults("embedding", "teacher={ load: x }"));
        Assert.Empty(Faults("embedding", "teacher={ load: x }", "distill.objectives=[{ kind: cosine }, { kind: pair-similarity }]"));
    }

    [Theory]
    [InlineData("relation-distance")]
    [InlineData("relation-angle")]
    [InlineData("similarity-preserving")]
    [InlineData("correlation-congruence")]
    public void Samples_are_compared_in_batches_of_more_than_one(string kind)
    {
        Told(
            "classification", $"'{kind}' compares the samples of a batch, and batches of 1 have nothing to compare; 'accumulate' does not help; make the batch larger, or leave the objective out",
            $"distill.objectives=[{{ kind: soft-targets }}, {{ kind: {kind} }}]", "distill.batch=1", "distill.accumulate=8");
        Assert.Empty(Faults("classification", $"distill.objectives=[{{ kind: {kind} }}]", "distill.batch=2"));
        Assert.Empty(Faults("classification", "distill.batch=1"));
    }

    [Theory]
    [InlineData("causal-lm")]
    [InlineData("masked-lm")]
    [InlineData("token-classification")]
    [InlineData("embedding")]
    public void Images_are_classified_or_measured(string task) => Assert.Contains(
        Faults(task, "input={ kind: image }"),
        fault => fault.EndsWith($": '{task}' is for text, and input.kind is image; say classification, multi-label or regression", StringComparison.Ordinal));

    [Theory]
    [InlineData("classification", "data.student-labels=9")]
    [InlineData("classification", "data.imbalance-factor=10")]
    [InlineData("classification", "teacher.train.sampling={ classes: effective-number, beta: 0.99 }")]
    [InlineData("classification", "distill.transfer-set.without-classes=[a]")]
    [InlineData("token-classification", "data.student-labels=9")]
    [InlineData("regression", "distill.transfer-set.labelled-only=true")]
    [InlineData("regression", "data.student-labels=9")]
    [InlineData("causal-lm", "input.carry-state=true")]
    [InlineData("causal-lm", "input.documents=separate")]
    [InlineData("causal-lm", "evaluate.prompts=[Once]")]
    [InlineData("masked-lm", "input.documents=separate")]
    [InlineData("masked-lm", "input.mask={ probability: 0.2 }")]
    public void What_belongs_to_a_task_may_be_said(string task, string set) => Assert.Empty(Faults(task, set));

    private static void Told(string task, string said, params string[] set)
    {
        var fault = Assert.Single(Faults(task, set));
        Assert.EndsWith(": " + said, fault, StringComparison.Ordinal);
    }

    private static string[] Faults(string task, params string[] set)
    {
        try
        {
            var yaml = Text.Replace("TASK", task, StringComparison.Ordinal).Replace("TAUGHT", task == "regression" ? "target-mse" : "labels", StringComparison.Ordinal);
            new RecipeReader(Catalog.Standard.Kinds).Parse(yaml, "x.yaml", "/recipes", set);
            return [];
        }
        catch (RecipeException wrong)
        {
            return [.. wrong.Faults.Select(f => f.ToString())];
        }
    }
}
