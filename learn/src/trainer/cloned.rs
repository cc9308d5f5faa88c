//! A start at the fixed rules: policies first imitate what these do.

use agents::learned::observation::OBSERVATION;
use agents::learned::{Label, Observation};
use agents::streams::Stream;
use replay::{Recorder, SyncPolicy};
use runs::config::Config;
use tch::Tensor;

use super::{Nowhere, TrainError};
use crate::adam::Moments;
use crate::cloning::{self, Examples, imitate};
use crate::environment::{Life, World};
use crate::policy::{Policy, tensor};
use crate::ppo::Optimisers;

/// What was seen and done by the agents of one type.
#[derive(Default)]
struct Seen {
    observations: Vec<Observation>,
    labels: Vec<Label>,
}

/// Lets every policy imitate the fixed rule of its type, if the configuration says so. The markets that
/// are watched are others than those of training.
pub(super) fn clone_rules(
    config: &Config,
    world: &World,
    policies: &mut [Policy],
) -> Result<(), TrainError> {
    if config.cloning.minibatches == 0 {
        return Ok(());
    }
    let seen = watch(config, world, policies)?;
    for (policy, seen) in policies.iter_mut().zip(seen) {
        let kind = policy.kind;
        let failed = |message: String| TrainError::Cloning { kind, message };
        let heads = policy.space.heads().len();
        let labels = seen.labels.iter().flat_map(|label| label.iter().take(heads));
        let actions: Vec<i64> = labels.clone().map(|it| it.map_or(0, i64::from)).collect();
        let counted: Vec<bool> = labels.map(Option::is_some).collect();
        let columns = i64::try_from(heads).unwrap_or(i64::MAX);
        let examples = Examples {
            observations: tensor(seen.observations.as_flattened(), OBSERVATION),
            masks: None,
            actions: Tensor::from_slice(&actions).view([-1, columns]),
            counted: Some(Tensor::from_slice(&counted).view([-1, columns])),
            outcomes: None,
            active: vec![true; seen.labels.len()],
        };
        let of = &config.cloning;
        let settings = cloning::Settings {
            minibatches: usize::try_from(of.minibatches).unwrap_or(usize::MAX),
            minibatch: usize::try_from(of.minibatch).unwrap_or(usize::MAX),
            smoothing: of.smoothing,
            huber: config.ppo.huber,
            actor_rate: of.rate,
            critic_rate: of.rate,
            actor_norm_max: config.ppo.actor_norm,
            critic_norm_max: config.ppo.critic_norm,
        };
        let mut stream = Stream::new(config.seed, &format!("cloning/{}", kind.name()));
        let Policy { net, optimisers, .. } = policy;
        imitate(net, optimisers, &examples, &settings, &mut stream)
            .map_err(|error| failed(error.to_string()))?;
        // What was learned of gradients' sizes is of another loss.
        *optimisers = Optimisers::new(net, Moments::ppo());
    }
    Ok(())
}

/// Watches the fixed rules for as many steps as the configuration says, in as many markets as there are
/// environments.
fn watch(config: &Config, world: &World, policies: &[Policy]) -> Result<Vec<Seen>, TrainError> {
    let mut all: Vec<_> = policies.iter().map(|_| Seen::default()).collect();
    let environments = u64::from(config.train.environments);
    let steps = config.cloning.steps.div_ceil(environments);
    for environment in 0..config.train.environments {
        let logged = |error| TrainError::Log { environment, error };
        let [seed] = Stream::new(config.seed, &format!("watched/{environment}")).words();
        let genesis = world.genesis(seed, environment, 1);
        let recorder = Recorder::create(&genesis, Nowhere, Nowhere, SyncPolicy::None);
        let mut life = Life::begin(world, seed, (environment, 1), recorder.map_err(logged)?);
        let kinds: Vec<_> = life.seats().map(|(_, kind)| kind).collect();
        for _ in 0..steps {
            let before = life.observations().to_vec();
            life.step([]).map_err(logged)?;
            for ((kind, observation), label) in kinds.iter().zip(before).zip(life.labels()) {
                let Some(label) = label else { continue };
                let place = policies.iter().position(|policy| policy.kind == *kind);
                if let Some(seen) = place.and_then(|place| all.get_mut(place)) {
                    seen.observations.push(observation);
                    seen.labels.push(label);
                }
            }
        }
    }
    Ok(all)
}
