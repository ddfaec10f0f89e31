/** Names for people who do not exist. */

// prettier-ignore
export const congoleseLastNames: readonly string[] = [
  'Kabongo', 'Ilunga', 'Mukendi', 'Tshibangu', 'Kalala', 'Mwamba', 'Ngalula', 'Mbuyi', 'Lukusa', 'Kasongo',
  'Mutombo', 'Nsimba', 'Makiese', 'Mbemba', 'Banza', 'Ngoy', 'Kazadi', 'Bukasa', 'Mulumba', 'Tshilombo',
  'Kapinga', 'Bakajika', 'Nzuzi', 'Luzolo', 'Mayele', 'Bolamba', 'Lokwa', 'Bongongo', 'Ekofo', 'Mputu',
  'Kasa-Vubu', 'Ilunga wa Ilunga', 'N’Sele', 'M\'Bokani', 'Kyungu', 'Mashini', 'Bisimwa', 'Muhindo', 'Kambale',
  'Paluku', 'Katembo', 'Nabintu', 'Furaha', 'Zihalirwa', 'Lômami', 'Ndjoli', 'Wetshi', 'Okitundu', 'Shako',
]

// prettier-ignore
export const congoleseFirstNames = {
  F: [
    'Béatrice', 'Grâce', 'Divine', 'Merveille', 'Plamedie', 'Naomie', 'Thérèse', 'Noëlla', 'Aïcha', 'Esther',
    'Rachel', 'Gloria', 'Chantal', 'Joséphine', 'Élysée', 'Ruth', 'Marie-Claire', 'Dorcas', 'Bénédicte', 'Zawadi',
    'Furaha', 'Neema', 'Sifa', 'Mamie', 'Anne-Marie', 'Hélène', 'Clémence', 'Rebecca', 'Solange', 'Espérance',
  ],
  M: [
    'Joël', 'Gloire', 'Exaucé', 'Dieumerci', 'Josué', 'Élie', 'Trésor', 'Héritier', 'Chançard', 'Israël',
    'Moïse', 'Jean-Bosco', 'Emmanuel', 'Samuel', 'Benoît', 'Christian', 'Patient', 'Innocent', 'Jérémie', 'André',
    'Zacharie', 'Théophile', 'Raphaël', 'Daniel', 'Amos', 'Bienvenu', 'Fiston', 'Papy', 'Michée', 'Augustin',
  ],
} as const

// prettier-ignore
export const frenchFullNames: readonly string[] = [
  'Amélie Rousseau', 'Benoît Lefèvre', 'Chloé Garnier', 'Damien Faure', 'Élodie Chevalier', 'François Morel',
  'Gaëlle Perrin', 'Hélène Dubois', 'Inès Benali', 'Jérôme Caron', 'Karim Haddad', 'Léa Fontaine',
  'Mathieu d’Hérouville', 'Noémie Lacroix', 'Océane Brun', 'Patrice O\'Connor', 'Quentin Masson', 'Rémi Guérin',
  'Sophie Nuñez', 'Théo Lambert', 'Ursula Weiß', 'Valérie Petit', 'William Brière', 'Xavier Colin',
  'Yasmine Cœurdacier', 'Zoé Vasseur', 'Anaïs Besançon', 'Loïc Le Goff',
]
